using System.Collections.Concurrent;
using Lzn.Durable.Storage;

namespace Lzn.Durable.Hosting;

/// <summary>A partition that this host runs: its instances, its queue, and its end when the lease is given back or lost.</summary>
internal sealed class Partition(int number, HostServices services) : LocalHub.IPartition, IAsyncDisposable
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan OrphanedMarkAge = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, InstanceSession> _sessions = new();
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _quiet = new();
    private Task _background = Task.CompletedTask;

    /// <summary>Loads what has work to do, and begins to take messages.</summary>
    public void Start()
    {
        services.Hub.Local.Add(number, this);
        var queue = new QueuePump(number, services, this);
        _background = Task.WhenAll(Task.Run(() => queue.RunAsync(_quiet.Token)), Task.Run(() => SweepAsync(_quiet.Token)));
    }

    public Task DeliverAsync(ControlMessage message, CancellationToken stop)
    {
        var delivery = new Delivery(message);
        Post(delivery);
        return delivery.Done.WaitAsync(stop);
    }

    /// <summary>Gives the delivery to its instance's session, beginning one if there is none.</summary>
    public void Post(Delivery delivery)
    {
        while (!_lost.IsCancellationRequested)
        {
            if (_sessions.GetOrAdd(delivery.Message.InstanceId, Begin).TryPost(delivery))
                return;
        }

        delivery.Fail(new PartitionLostException());
    }

    public void Remove(string instanceId, InstanceSession session) => _sessions.TryRemove(KeyValuePair.Create(instanceId, session));

    /// <summary>Takes no more messages; what is at hand goes on until <see cref="DisposeAsync"/>.</summary>
    public Task QuietAsync() => _quiet.CancelAsync();

    public async ValueTask DisposeAsync()
    {
        services.Hub.Local.Remove(number, this);
        await _quiet.CancelAsync().ConfigureAwait(false);
        await _lost.CancelAsync().ConfigureAwait(false);
        await _background.ConfigureAwait(false);
        await Task.WhenAll(_sessions.Values.Select(session => session.Ended)).ConfigureAwait(false);
        _quiet.Dispose();
        _lost.Dispose();
    }

    private InstanceSession Begin(string instanceId) => new(instanceId, number, services, this, _lost.Token);

    /// <summary>Wakes what a host before this one left, and every few minutes what a lost wake-up left.</summary>
    private async Task SweepAsync(CancellationToken stop)
    {
        try
        {
            for (var first = true; ; first = false)
            {
                var found = 0;
                await Patience.UntilDoneAsync(async () => found = await WakeActiveAsync(stop).ConfigureAwait(false), services.Logger, $"load partition {number}", stop).ConfigureAwait(false);
                if (first)
                    Logs.PartitionTaken(services.Logger, number, found);
                await Task.Delay(SweepInterval, stop).ConfigureAwait(false);
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
        await foreach (var mark in services.Hub.Instances.ListActiveAsync(number, stop).ConfigureAwait(false))
        {
            found++;
            if (DateTimeOffset.UtcNow - mark.At > OrphanedMarkAge && await services.Hub.Instances.ReadAsync(mark.InstanceId, stop).ConfigureAwait(false) is null)
                await services.Hub.Instances.UnmarkActiveAsync(number, mark.InstanceId, mark.StartId, stop).ConfigureAwait(false); // its start never came to be
            else if (!_sessions.ContainsKey(mark.InstanceId))
                Post(new Delivery(new ControlMessage(mark.InstanceId)));
        }

        return found;
    }
}
