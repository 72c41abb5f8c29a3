using System.Collections.Concurrent;
using Azure;
using Microsoft.Azure.WebJobs.Host;
using Microsoft.Extensions.Logging;

namespace LznPipeline.LocalHost.Timers;

/// <summary>The package's leases on blobs, by which one host at a time listens to a timer, made to outlive storage that is away.</summary>
/// <remarks>
/// In the package a renewal that fails ends the process.
/// Here the host goes on: it does not run the timer once its lease has run out, and takes the lease again when it can.
/// </remarks>
#pragma warning disable CS0618 // interfaces that are marked as not for everyone, and have no other form
internal sealed class TimerLocks(IDistributedLockManager leases, ILogger<TimerLocks> log) : IDistributedLockManager
{
    private static readonly AsyncLocal<bool> StartedByHand = new();

    private readonly ConcurrentDictionary<string, TimerLock> _held = new(StringComparer.Ordinal);

    /// <summary>Whether this host may run a timer now.</summary>
    internal bool IsHeldFor(string function) =>
        StartedByHand.Value || _held.Values.Any(each => each.LockId.EndsWith($".{function}.Listener", StringComparison.OrdinalIgnoreCase) && each.IsHeld);

    /// <summary>What the caller, an asynchronous method, calls from here on runs a timer because somebody said so, whoever listens to it.</summary>
    internal static void StartByHand() => StartedByHand.Value = true;

    public async Task<IDistributedLock?> TryLockAsync(
        string account, string lockId, string? lockOwnerId, string? proposedLeaseId, TimeSpan lockPeriod, CancellationToken cancellationToken)
    {
        var wanted = new TimerLock(lockId, lockPeriod, stop => leases.TryLockAsync(account, lockId, lockOwnerId, proposedLeaseId, lockPeriod, stop));
        return await wanted.TakeAsync(cancellationToken) ? _held[lockId] = wanted : null;
    }

    /// <summary>Never throws: the package's own caller would not renew again.</summary>
    /// <returns>Whether the lease is held.</returns>
    public async Task<bool> RenewAsync(IDistributedLock lockHandle, CancellationToken cancellationToken)
    {
        var held = (TimerLock)lockHandle;
        try
        {
            return await held.RenewAsync(leases, cancellationToken) || held.IsHeld || await held.TakeAsync(cancellationToken);
        }
        catch (RequestFailedException lost) when (lost.Status is >= 400 and < 500)
        {
            held.Lose();
            log.TimerLockLost(held.LockId);
            return false;
        }
        catch (Exception)
        {
            return held.IsHeld;     // storage is away, of which its watch tells; the next renewal tries again
        }
    }

    public Task<string> GetLockOwnerAsync(string account, string lockId, CancellationToken cancellationToken) =>
        leases.GetLockOwnerAsync(account, lockId, cancellationToken);

    public async Task ReleaseLockAsync(IDistributedLock lockHandle, CancellationToken cancellationToken)
    {
        _held.TryRemove(lockHandle.LockId, out _);
        if (((TimerLock)lockHandle).Lease is not { } lease)
            return;
        try
        {
            await leases.ReleaseLockAsync(lease, cancellationToken);
        }
        catch (Exception away) when (away is RequestFailedException or AggregateException)
        {
            // It runs out by itself.
        }
    }

    private sealed class TimerLock(string lockId, TimeSpan period, Func<CancellationToken, Task<IDistributedLock?>> take) : IDistributedLock
    {
        // A timestamp from before storage was asked, so that the lease ends there no earlier than here.
        private long _renewed;

        public string LockId => lockId;

        internal IDistributedLock? Lease { get; private set; }

        internal bool IsHeld => Lease is not null && TimeProvider.System.GetElapsedTime(_renewed) < period;

        internal void Lose() => Lease = null;

        internal async Task<bool> TakeAsync(CancellationToken stop)
        {
            var asked = TimeProvider.System.GetTimestamp();
            (Lease, _renewed) = (await take(stop), asked);
            return Lease is not null;
        }

        internal async Task<bool> RenewAsync(IDistributedLockManager leases, CancellationToken stop)
        {
            var asked = TimeProvider.System.GetTimestamp();
            if (Lease is null || !await leases.RenewAsync(Lease, stop))
                return false;
            _renewed = asked;
            return true;
        }
    }
}
#pragma warning restore CS0618
