using System.Collections.Concurrent;

namespace Lzn.Durable.Storage;

/// <summary>The task hubs of a process: a worker and a client of the same hub share one, and with it the short ways.</summary>
internal sealed class TaskHubs
{
    private readonly ConcurrentDictionary<(string Account, string Hub), Lazy<TaskHub>> _hubs = new();

    public IEnumerable<TaskHub> All => _hubs.Values.Select(hub => hub.Value);

    public TaskHub Get(AzureStorageDurableOptions options) =>
        _hubs.GetOrAdd((options.ConnectionString ?? options.BlobServiceUri?.ToString() ?? "", options.HubName), _ => new Lazy<TaskHub>(() => new TaskHub(options))).Value;
}
