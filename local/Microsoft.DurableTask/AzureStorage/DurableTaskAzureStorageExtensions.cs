using Lzn.Durable.Client;
using Lzn.Durable.Hosting;
using Lzn.Durable.Storage;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Lzn.Durable;

/// <summary>Runs Durable Task workers and clients on a storage account.</summary>
public static class DurableTaskAzureStorageExtensions
{
    public static IDurableTaskWorkerBuilder UseAzureStorage(this IDurableTaskWorkerBuilder builder, Action<AzureStorageDurableOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        AddHubs(builder.Services, builder.Name, configure);
        if (builder.Services.All(service => service.ServiceType != typeof(HubHealthCheck)))
            builder.Services.AddSingleton<HubHealthCheck>().AddHealthChecks().AddCheck<HubHealthCheck>("durable");
        return builder.UseBuildTarget<AzureStorageWorker>();
    }

    /// <summary>The client also implements <see cref="IOrchestrationHistory"/>.</summary>
    public static IDurableTaskClientBuilder UseAzureStorage(this IDurableTaskClientBuilder builder, Action<AzureStorageDurableOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        AddHubs(builder.Services, builder.Name, configure);
        return builder.UseBuildTarget<AzureStorageClient>();
    }

    private static void AddHubs(IServiceCollection services, string name, Action<AzureStorageDurableOptions> configure)
    {
        services.Configure(name, configure);
        services.TryAddSingleton<TaskHubs>();
    }
}
