using Lzn.Durable;
using Lzn.Durable.InMemory;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.DurableTask.Testing;

/// <summary>Durable tasks without a storage account, in a host that is there already.</summary>
public static class DurableTaskTestExtensions
{
    /// <summary>Adds worker and client of a task hub that lives in memory and ends with the services. A <see cref="TimeProvider"/> among the services is its clock.</summary>
    public static IServiceCollection AddInMemoryDurableTask(this IServiceCollection services, Action<DurableTaskRegistry> configureTasks, InMemoryDurableTaskOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configureTasks);
        services.TryAddSingleton(_ => new MemoryStorage());
        services.AddOptions<AzureStorageDurableOptions>(Options.DefaultName).Configure<IServiceProvider>((hub, provider) =>
        {
            hub.ConnectionString = MemoryStorage.ConnectionString;
            hub.PartitionCount = 1;
            hub.Clock = provider.GetService<TimeProvider>() ?? TimeProvider.System;
            hub.ConfigureClients = clients => clients.Transport = provider.GetRequiredService<MemoryStorage>();
        });
        services.AddDurableTaskWorker(worker => worker.AddTasks(configureTasks).UseAzureStorage(_ => { }));
        services.AddDurableTaskClient(client => client.UseAzureStorage(_ => { }));
        return services;
    }
}
