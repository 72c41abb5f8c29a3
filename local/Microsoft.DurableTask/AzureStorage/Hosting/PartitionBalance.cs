using System.Collections.Concurrent;
using Lzn.Durable.Storage;

namespace Lzn.Durable.Hosting;

/// <summary>
/// Which partitions this host runs: its share of what there are, and besides whatever nobody else takes. A partition that is lost is dropped at once; one
/// that is too many is handed over.
/// </summary>
internal sealed class PartitionBalance(HostServices services)
{
    private readonly ConcurrentDictionary<int, (PartitionLease Lease, Partition Partition)> _held = [];
    private readonly Dictionary<int, int> _refused = []; // how often in a row a partition beyond our share was left to others

    public TimeSpan Interval { get; } = services.Options.LeaseDuration / 3;

    /// <summary>Renews what we have and takes or gives what our share asks for. What fails is tried again the next time.</summary>
    public async Task AdjustAsync(CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            await RenewAsync(stop).ConfigureAwait(false);
            patience.CancelAfter(services.Options.LeaseDuration / 2); // storage that does not answer must not keep us from renewing what we have
            await GiveBackBrokenAsync(patience.Token).ConfigureAwait(false);
            await ShareAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (!stop.IsCancellationRequested)
        {
            Logs.BalanceFailed(services.Logger, fault);
        }
    }

    /// <summary>Partitions that this host has, as far as it knows, but may not write to.</summary>
    public IEnumerable<int> Uncertain => _held.Values.Where(held => !held.Lease.IsCertain).Select(held => held.Lease.Partition);

    /// <summary>Takes no more messages anywhere.</summary>
    public Task QuietAsync() => Task.WhenAll(_held.Values.Select(held => held.Partition.QuietAsync()));

    /// <summary>Lets others go on at once. Without storage they find out by themselves, from leases and heartbeats that end.</summary>
    public async Task ReleaseAllAsync()
    {
        using var patience = new CancellationTokenSource(services.Options.LeaseDuration / 3);
        try
        {
            await Task.WhenAll(_held.Values.Select(held => GiveBackAsync(held.Lease, held.Partition, patience.Token))).ConfigureAwait(false);
            await services.Hosts.LeaveAsync(patience.Token).ConfigureAwait(false);
        }
        catch (Exception fault) when (StorageFault.MayHeal(fault))
        {
            Logs.LeftSilently(services.Logger, fault);
        }

        _held.Clear();
    }

    private async Task RenewAsync(CancellationToken stop)
    {
        var renewed = await Task.WhenAll(_held.Select(async held => (held.Key, Held: await held.Value.Lease.TryRenewAsync(stop).ConfigureAwait(false)))).ConfigureAwait(false);
        foreach (var (number, _) in renewed.Where(result => !result.Held))
        {
            _held.TryRemove(number, out var lost);
            Logs.PartitionLost(services.Logger, number);
            await lost.Partition.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>What does not work is begun anew, here or by another host.</summary>
    private async Task GiveBackBrokenAsync(CancellationToken stop)
    {
        foreach (var (number, held) in _held.Where(each => each.Value.Partition.Fault is not null))
        {
            Logs.PartitionBroken(services.Logger, number, held.Partition.Fault);
            _held.TryRemove(number, out _);
            await GiveBackAsync(held.Lease, held.Partition, stop).ConfigureAwait(false);
        }
    }

    private async Task ShareAsync(CancellationToken stop)
    {
        var share = (int)Math.Ceiling((double)services.Hub.PartitionCount / await services.Hosts.CountAsync(stop).ConfigureAwait(false));
        foreach (var number in _held.Keys.Order().Skip(share))
            await ReleaseAsync(number, stop).ConfigureAwait(false);
        foreach (var number in Enumerable.Range(0, services.Hub.PartitionCount).Where(number => !_held.ContainsKey(number)))
        {
            if (_held.Count < share || IsLeftAlone(number))
                await TakeAsync(number, stop).ConfigureAwait(false);
        }

        if (services.Hosts.HasOthers)
            WakeWaiting();
    }

    /// <summary>Activities that wait here for a place may be run by others by now.</summary>
    private void WakeWaiting()
    {
        foreach (var instanceId in services.Activities.Waiting)
            services.Hub.Local.Find(services.Hub.PartitionOf(instanceId))?.Wake(instanceId);
    }

    private async Task TakeAsync(int number, CancellationToken stop)
    {
        var lease = new PartitionLease(services.Hub.Container, number, services.Options.LeaseDuration);
        if (!await lease.TryAcquireAsync(stop).ConfigureAwait(false))
            return;
        var partition = new Partition(lease, services);
        _held[number] = (lease, partition);
        _refused.Remove(number);
        partition.Start();
    }

    private async Task ReleaseAsync(int number, CancellationToken stop)
    {
        _held.TryRemove(number, out var held);
        await held.Partition.HandOverAsync().ConfigureAwait(false);
        await GiveBackAsync(held.Lease, held.Partition, stop).ConfigureAwait(false);
    }

    private async Task GiveBackAsync(PartitionLease lease, Partition partition, CancellationToken stop)
    {
        await partition.DisposeAsync().ConfigureAwait(false);
        await lease.ReleaseAsync(stop).ConfigureAwait(false);
        Logs.PartitionReleased(services.Logger, lease.Partition);
    }

    /// <summary>Beyond our share we try only every third time, so that a host with less comes first.</summary>
    private bool IsLeftAlone(int number) => (_refused[number] = _refused.GetValueOrDefault(number) + 1) % 3 == 0;
}
