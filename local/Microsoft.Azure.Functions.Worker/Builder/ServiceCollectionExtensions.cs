using System.Text.Json;
using Azure.Core.Serialization;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registration of the functions worker.</summary>
public static class FunctionsWorkerServiceCollectionExtensions
{
    public static IFunctionsWorkerApplicationBuilder AddFunctionsWorkerDefaults(this IServiceCollection services, Action<WorkerOptions>? configure = null) =>
        services.AddWorker(configure);

    /// <summary>The one builder of this service collection.</summary>
    internal static FunctionsWorkerApplicationBuilder AddWorker(this IServiceCollection services, Action<WorkerOptions>? configure)
    {
        if (configure is not null)
            services.Configure(configure);
        if (services.FirstOrDefault(service => service.ServiceType == typeof(IFunctionsWorkerApplicationBuilder))?.ImplementationInstance is FunctionsWorkerApplicationBuilder known)
            return known;

        var builder = new FunctionsWorkerApplicationBuilder(services);
        services.AddSingleton<IFunctionsWorkerApplicationBuilder>(builder);
        services.Configure<JsonSerializerOptions>(json => json.PropertyNameCaseInsensitive = true);
        services.AddOptions<WorkerOptions>().PostConfigure<IOptions<JsonSerializerOptions>>((worker, json) => worker.Serializer ??= new JsonObjectSerializer(json.Value));
        return builder;
    }
}
