using Microsoft.Azure.Functions.Worker;

namespace Microsoft.Extensions.Hosting;

/// <summary>Functions with ASP.NET Core integration on the generic host.</summary>
public static class FunctionsHostBuilderExtensions
{
    public static IHostBuilder ConfigureFunctionsWebApplication(this IHostBuilder builder) =>
        WorkerHostBuilderExtensions.Configure(builder, null, null);

    public static IHostBuilder ConfigureFunctionsWebApplication(this IHostBuilder builder, Action<IFunctionsWorkerApplicationBuilder> configureWorker) =>
        WorkerHostBuilderExtensions.Configure(builder, (_, worker) => configureWorker(worker), null);

    public static IHostBuilder ConfigureFunctionsWebApplication(
        this IHostBuilder builder, Action<HostBuilderContext, IFunctionsWorkerApplicationBuilder> configureWorker) =>
        WorkerHostBuilderExtensions.Configure(builder, configureWorker, null);
}
