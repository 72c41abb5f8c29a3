using Lzn.Durable;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.DurableTask.Tests.Engine;

/// <summary>A client without a host, as in another process: it shares nothing with the hosts but the storage.</summary>
internal sealed class ClientOnly(ServiceProvider services) : IAsyncDisposable
{
    public DurableTaskClient Client { get; } = services.GetRequiredService<DurableTaskClient>();

    public static ClientOnly Of(string connectionString, string hub, int partitions = 4)
    {
        var services = new ServiceCollection();
        services.AddDurableTaskClient(client => client.UseAzureStorage(options =>
        {
            options.ConnectionString = connectionString;
            options.HubName = hub;
            options.PartitionCount = partitions;
        }));
        return new ClientOnly(services.BuildServiceProvider());
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();
}
