using System.Collections.Concurrent;
using Lzn.Durable.Storage;

namespace Lzn.Durable.Hosting;

/// <summary>A partition that this host runs: its instances, its queue, and its end when the lease is given back or lost.</summary>
internal sealed class Partition(PartitionLease lease, HostServices services) : LocalHub.IPartition, IAsyncDisposable
{
    private static readonly TimeSpan OrphanedMarkAge = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, InstanceSession> _sessions = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _quiet = new();
    private Task[] _background = [];
    private volatile bool _closing;

    public int Number => lease.Partition;

    /// <summary>Why it takes no more messages, if something happened that nobody expects; null while it works.</summary>
    public Exception? Fault => _background.FirstOrDefault(task => task.IsFaulted)?.Exception;

    /// <exception cref="LeaseUncertainException">The lease may have run out.</exception>
    public void AssertLeased()
    {
        if (!lease.IsCertain)
            throw new LeaseUncertainException();
    }

    /// <summary>Loads what has work to do, and begins to take messages.</summary>
    public void Start()
    {
        services.Hub.Local.Add(Number, this);
        var queue = new QueuePump(Number, services, this);
        _background = [Task.Run(() => queue.RunAsync(_quiet.Token)), Task.Run(() => SweepAsync(_quiet.Token))];
    }

    public Task DeliverAsync(ControlMessage message, CancellationToken stop)
    {
        var delivery = new Delivery(message);
        Post(delivery);
        return delivery.Done.WaitAsync(stop);
    }

    public void Wake(string instanceId) => Post(new Delivery(new ControlMessage(instanceId)));

    /// <summary>Gives the delivery to its instance's session, beginning one if there is none and the partition stays.</summary>
    public void Post(Delivery delivery)
    {
        while (!_lost.IsCancellationRequested && Session(delivery.Message.InstanceId) is { } session)
        {
            if (session.TryPost(delivery))
                return;
        }

        delivery.Fail(new PartitionLostException());
    }

    public void Remove(string instanceId, InstanceSession session) => _sessions.TryRemove(KeyValuePair.Create(instanceId, session));

    /// <summary>Takes no more messages, and prepares each instance for the next host.</summary>
    public async Task HandOverAsync()
    {
        await _quiet.CancelAsync().ConfigureAwait(false);
        _closing = true;
        foreach (var session in _sessions.Values)
            session.TryPost(Delivery.HandOver(session.InstanceId));
        await Task.WhenAny(Task.WhenAll(_sessions.Values.Select(session => session.Ended)), Task.Delay(services.Options.LongestHandOver)).ConfigureAwait(false);
    }

    /// <summary>Takes no more messages; what is at hand goes on until <see cref="DisposeAsync"/>.</summary>
    public Task QuietAsync() => _quiet.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        services.Hub.Local.Remove(Number, this);
        await _quiet.CancelAsync().ConfigureAwait(false);
        await _lost.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_background).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // a fault was told, or comes too late to matter
        await Task.WhenAll(_sessions.Values.Select(session => session.Ended)).ConfigureAwait(false);
        _quiet.Dispose();
        _lost.Dispose();
    }

    private InstanceSession? Session(string instanceId) => _closing ? _sessions.GetValueOrDefault(instanceId) : _sessions.GetOrAdd(instanceId, Begin);

    private InstanceSession Begin(string instanceId) => new(instanceId, services, this, _lost.Token);

    /// <summary>Wakes what a host before this one left, and from time to time what a lost wake-up left.</summary>
    private async Task SweepAsync(CancellationToken stop)
    {
        try
        {
            for (var first = true; ; first = false)
            {
                var found = 0;
                await Patience.UntilDoneAsync(async () => found = await WakeActiveAsync(stop).ConfigureAwait(false), services.Logger, $"load partition {Number}", stop).ConfigureAwait(false);
                if (first)
                    Logs.PartitionTaken(services.Logger, Number, found);
                await Task.Delay(services.Options.SweepInterval, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The partition goes.
        }
    }

    private async Task<int> WakeActiveAsync(CancellationToken stop)
    {
        var found = 0;
        await foreach (var mark in services.Hub.Instances.ListActiveAsync(Number, stop).ConfigureAwait(false))
        {
            found++;
            if (DateTimeOffset.UtcNow - mark.At > OrphanedMarkAge && await services.Hub.Instances.ReadAsync(mark.InstanceId, stop).ConfigureAwait(false) is null)
                await services.Hub.Instances.UnmarkActiveAsync(Number, mark.InstanceId, mark.StartId, stop).ConfigureAwait(false); // its start never came to be
            else if (!_sessions.ContainsKey(mark.InstanceId))
                Wake(mark.InstanceId);
        }

        return found;
    }
}
