using System.Collections.Concurrent;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using LznPipeline.LocalHost.Storage;
using Microsoft.Azure.WebJobs.Host;
using Microsoft.Extensions.Logging;

namespace LznPipeline.LocalHost.Timers;

/// <summary>Leases on blobs, by which one host at a time listens to a timer.</summary>
/// <remarks>
/// The package's own manager lets a renewal that fails end the process. Here a host whose storage is away goes on: it does not run the timer once its lease has run out, and takes the
/// lease again when it can.
/// </remarks>
#pragma warning disable CS0618 // interfaces that are marked as not for everyone, and have no other form
internal sealed class TimerLocks(StorageWatch storage, ILogger<TimerLocks> log) : IDistributedLockManager
{
    private const string OwnerKey = "FunctionInstance";

    private static readonly AsyncLocal<bool> StartedByHand = new();

    private readonly ConcurrentDictionary<string, TimerLock> _held = new(StringComparer.Ordinal);

    /// <summary>Whether this host may run a timer now.</summary>
    internal bool IsHeldFor(string function) =>
        StartedByHand.Value || _held.Values.Any(each => each.LockId.EndsWith($".{function}.Listener", StringComparison.OrdinalIgnoreCase) && each.IsHeld);

    /// <summary>What is called until this is disposed runs a timer because somebody said so, whoever listens to it.</summary>
    internal static IDisposable ByHand()
    {
        StartedByHand.Value = true;
        return new Reset();
    }

    public async Task<IDistributedLock?> TryLockAsync(string account, string lockId, string? lockOwnerId, string? proposedLeaseId, TimeSpan lockPeriod, CancellationToken cancellationToken)
    {
        var taken = new TimerLock(lockId, lockOwnerId ?? Environment.MachineName, proposedLeaseId ?? Guid.NewGuid().ToString(), lockPeriod);
        if (!await AcquireAsync(taken, cancellationToken))
            return null;
        return _held[lockId] = taken;
    }

    /// <summary>Never throws for storage's sake: the caller would end the process.</summary>
    /// <returns>Whether the lease is held.</returns>
    public async Task<bool> RenewAsync(IDistributedLock lockHandle, CancellationToken cancellationToken)
    {
        var held = (TimerLock)lockHandle;
        try
        {
            var asked = TimeProvider.System.GetTimestamp();
            await Lease(held).RenewAsync(cancellationToken: cancellationToken);
            held.RenewedAt = asked;
            return true;
        }
        catch (RequestFailedException lost) when (lost.Status is StatusCodes.Conflict or StatusCodes.NotFound or StatusCodes.PreconditionFailed)
        {
            log.TimerLockLost(held.LockId);
            return await TakeAgainAsync(held, cancellationToken);
        }
        catch (Exception away) when (away is RequestFailedException or AggregateException or IOException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return held.IsHeld;
        }
    }

    public async Task<string> GetLockOwnerAsync(string account, string lockId, CancellationToken cancellationToken)
    {
        try
        {
            var properties = await Blob(lockId).GetPropertiesAsync(cancellationToken: cancellationToken);
            return properties.Value.LeaseState is LeaseState.Leased && properties.Value.Metadata.TryGetValue(OwnerKey, out var owner) ? owner : string.Empty;
        }
        catch (RequestFailedException missing) when (missing.Status is StatusCodes.NotFound)
        {
            return string.Empty;
        }
    }

    public async Task ReleaseLockAsync(IDistributedLock lockHandle, CancellationToken cancellationToken)
    {
        var held = (TimerLock)lockHandle;
        _held.TryRemove(held.LockId, out _);
        try
        {
            await Lease(held).ReleaseAsync(cancellationToken: cancellationToken);
        }
        catch (RequestFailedException)
        {
            // Lost already, or storage is away: it runs out by itself.
        }
    }

    private async Task<bool> TakeAgainAsync(TimerLock held, CancellationToken stop)
    {
        try
        {
            return await AcquireAsync(held, stop);
        }
        catch (RequestFailedException)
        {
            return false;
        }
    }

    private async Task<bool> AcquireAsync(TimerLock wanted, CancellationToken stop)
    {
        var asked = TimeProvider.System.GetTimestamp();
        try
        {
            await EnsureAsync(wanted.LockId, stop);
            await Lease(wanted).AcquireAsync(wanted.Period, cancellationToken: stop);
            await Blob(wanted.LockId).SetMetadataAsync(
                new Dictionary<string, string> { [OwnerKey] = wanted.Owner }, new BlobRequestConditions { LeaseId = wanted.LeaseId }, stop);
        }
        catch (RequestFailedException taken) when (taken.Status is StatusCodes.Conflict or StatusCodes.PreconditionFailed)
        {
            return false;
        }

        wanted.RenewedAt = asked;
        return true;
    }

    private async Task EnsureAsync(string lockId, CancellationToken stop)
    {
        await storage.Container.CreateIfNotExistsAsync(cancellationToken: stop);
        if (!await Blob(lockId).ExistsAsync(stop))
            await Blob(lockId).UploadAsync(BinaryData.FromString(string.Empty), overwrite: false, stop);
    }

    private BlobClient Blob(string lockId) => storage.Container.GetBlobClient($"locks/{lockId}");

    private BlobLeaseClient Lease(TimerLock held) => Blob(held.LockId).GetBlobLeaseClient(held.LeaseId);

    private sealed class TimerLock(string lockId, string owner, string leaseId, TimeSpan period) : IDistributedLock
    {
        public string LockId => lockId;

        internal string Owner => owner;

        internal string LeaseId => leaseId;

        internal TimeSpan Period => period;

        /// <summary>A timestamp from before the storage was asked, so that the lease ends there no earlier than here.</summary>
        internal long RenewedAt { get; set; }

        internal bool IsHeld => TimeProvider.System.GetElapsedTime(RenewedAt) < period;
    }

    private sealed class Reset : IDisposable
    {
        public void Dispose() => StartedByHand.Value = false;
    }

    private static class StatusCodes
    {
        internal const int NotFound = 404;
        internal const int Conflict = 409;
        internal const int PreconditionFailed = 412;
    }
}
#pragma warning restore CS0618
