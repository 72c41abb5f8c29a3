using Lzn.Functions;
using Lzn.Functions.Configuration;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

/// <summary>Functions on the generic host.</summary>
public static class WorkerHostBuilderExtensions
{
    private const string Configured = "__FunctionsHostConfigured";

    private static string[] CommandLine => [.. Environment.GetCommandLineArgs().Skip(1)];

    public static IHostBuilder ConfigureFunctionsWorkerDefaults(this IHostBuilder builder) => Configure(builder, null, null);

    public static IHostBuilder ConfigureFunctionsWorkerDefaults(this IHostBuilder builder, Action<IFunctionsWorkerApplicationBuilder> configure) =>
        Configure(builder, (_, worker) => configure(worker), null);

    public static IHostBuilder ConfigureFunctionsWorkerDefaults(this IHostBuilder builder, Action<WorkerOptions> configureOptions) =>
        Configure(builder, null, configureOptions);

    public static IHostBuilder ConfigureFunctionsWorkerDefaults(
        this IHostBuilder builder, Action<IFunctionsWorkerApplicationBuilder> configure, Action<WorkerOptions>? configureOptions) =>
        Configure(builder, (_, worker) => configure(worker), configureOptions);

    public static IHostBuilder ConfigureFunctionsWorkerDefaults(this IHostBuilder builder, Action<HostBuilderContext, IFunctionsWorkerApplicationBuilder> configure) =>
        Configure(builder, configure, null);

    public static IHostBuilder ConfigureFunctionsWorkerDefaults(
        this IHostBuilder builder, Action<HostBuilderContext, IFunctionsWorkerApplicationBuilder> configure, Action<WorkerOptions>? configureOptions) =>
        Configure(builder, configure, configureOptions);

    internal static IHostBuilder Configure(
        IHostBuilder builder, Action<HostBuilderContext, IFunctionsWorkerApplicationBuilder>? configure, Action<WorkerOptions>? configureOptions)
    {
        StartFailure.ExitCleanly();
        builder.ConfigureServices((context, services) => configure?.Invoke(context, services.AddWorker(configureOptions)));
        if (builder.Properties.TryAdd(Configured, true))
            AddHost(builder);
        return builder;
    }

    private static void AddHost(IHostBuilder builder)
    {
        builder.ConfigureHostConfiguration(configuration => AppFiles.AddHostConfiguration(configuration, CommandLine));
        builder.ConfigureAppConfiguration((context, configuration) =>
        {
            configuration.AddEnvironmentVariables().AddCommandLine(CommandLine);
            AppConfiguration.Add(configuration, context.HostingEnvironment.ContentRootPath);
        });
        builder.ConfigureLogging(HostLogging.Replace);
        builder.ConfigureWebHostDefaults(web => web.Configure(FunctionsHost.Configure));
        builder.ConfigureServices((context, services) =>
            FunctionsHost.AddTo(services, services.AddWorker(configure: null), context.Configuration, context.HostingEnvironment));
    }
}
