using System.Diagnostics;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace Lzn.Durable.Storage;

/// <summary>The right to run a partition. It runs out when its host stops renewing it.</summary>
internal sealed class PartitionLease(BlobContainerClient container, int partition, TimeSpan duration)
{
    private const string OwnerKey = "owner";

    private readonly BlobClient _blob = container.GetBlobClient(HubNames.Partition(partition));
    private BlobLeaseClient? _lease;
    private long _renewedAt; // a monotonic time stamp: setting the clock must not lengthen a lease

    public int Partition => partition;

    /// <summary>Whether storage has confirmed the lease so lately that nobody else can have it. A host that hung finds out here, without asking anybody.</summary>
    public bool IsCertain => _lease is not null && Stopwatch.GetElapsedTime(Volatile.Read(ref _renewedAt)) < duration;

    /// <summary>Takes the partition if nobody has it, or only a process of this machine that has died.</summary>
    public async Task<bool> TryAcquireAsync(CancellationToken stop)
    {
        await _blob.TryCreateAsync([], metadata: null, stop).ConfigureAwait(false);
        if (await TryLeaseAsync(stop).ConfigureAwait(false))
            return true;
        var properties = await _blob.GetPropertiesAsync(cancellationToken: stop).ConfigureAwait(false);
        if (!properties.Value.Metadata.TryGetValue(OwnerKey, out var owner) || !HostIdentity.IsDead(owner))
            return false;
        await _blob.GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: stop).ConfigureAwait(false);
        return await TryLeaseAsync(stop).ConfigureAwait(false);
    }

    /// <summary>Asks storage to confirm the lease, for no longer than until it should be asked again.</summary>
    /// <returns>False when the lease is lost. While storage does not answer it is only not certain: it may still be ours when storage is back.</returns>
    public async Task<bool> TryRenewAsync(CancellationToken stop)
    {
        if (_lease is null)
            return false;
        var asked = Stopwatch.GetTimestamp();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(duration / 3);
        try
        {
            await _lease.RenewAsync(cancellationToken: patience.Token).ConfigureAwait(false);
            Volatile.Write(ref _renewedAt, asked);
            return true;
        }
        catch (Exception fault) when (!stop.IsCancellationRequested && StorageFault.IsTransient(fault))
        {
            return true;
        }
        catch (RequestFailedException)
        {
            _lease = null;
            return false;
        }
    }

    public async Task ReleaseAsync(CancellationToken stop)
    {
        if (_lease is not { } lease)
            return;
        _lease = null;
        try
        {
            await lease.ReleaseAsync(cancellationToken: stop).ConfigureAwait(false);
        }
        catch (Exception fault) when (StorageFault.MayHeal(fault))
        {
            // Lost already, or lost soon: it runs out.
        }
    }

    private async Task<bool> TryLeaseAsync(CancellationToken stop)
    {
        var lease = _blob.GetBlobLeaseClient();
        try
        {
            Volatile.Write(ref _renewedAt, Stopwatch.GetTimestamp());
            await lease.AcquireAsync(duration, cancellationToken: stop).ConfigureAwait(false);
            var held = new BlobRequestConditions { LeaseId = lease.LeaseId };
            await _blob.SetMetadataAsync(new Dictionary<string, string> { [OwnerKey] = HostIdentity.Current }, held, stop).ConfigureAwait(false);
        }
        catch (RequestFailedException fault) when (StorageFault.IsConflict(fault))
        {
            return false;
        }

        _lease = lease;
        return true;
    }
}
