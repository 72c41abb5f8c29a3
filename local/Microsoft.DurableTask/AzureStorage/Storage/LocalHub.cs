using System.Collections.Concurrent;

namespace Lzn.Durable.Storage;

/// <summary>Short ways within a process: messages to partitions that run here need no queue, and waiters no polling.</summary>
internal sealed class LocalHub
{
    private readonly ConcurrentDictionary<int, IPartition> _partitions = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _changes = new();

    /// <summary>A partition that this process runs.</summary>
    internal interface IPartition
    {
        /// <summary>Ends when the message's effect is in the history, or is known to have none.</summary>
        Task DeliverAsync(ControlMessage message, CancellationToken stop);

        /// <summary>Lets the instance look at its record and history. Nobody waits for it.</summary>
        void Wake(string instanceId);
    }

    public IPartition? Find(int partition) => _partitions.GetValueOrDefault(partition);

    public void Add(int number, IPartition partition) => _partitions[number] = partition;

    public void Remove(int number, IPartition partition) => _partitions.TryRemove(KeyValuePair.Create(number, partition));

    /// <summary>Ends when the instance's status has changed, if it changes in this process.</summary>
    public Task WhenChanged(string instanceId) =>
        _changes.GetOrAdd(instanceId, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Changed(string instanceId)
    {
        if (_changes.TryRemove(instanceId, out var change))
            change.TrySetResult();
    }
}
