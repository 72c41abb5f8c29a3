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
    private DateTimeOffset _renewedAt;

    public int Partition => partition;

    public bool IsHeld => _lease is not null;

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

    /// <returns>False when the lease is lost, or may be: storage has not confirmed it for as long as it lasts.</returns>
    public async Task<bool> TryRenewAsync(CancellationToken stop)
    {
        if (_lease is null)
            return false;
        var asked = DateTimeOffset.UtcNow;
        try
        {
            await _lease.RenewAsync(cancellationToken: stop).ConfigureAwait(false);
            _renewedAt = asked;
            return true;
        }
        catch (Exception fault) when (StorageFault.IsTransient(fault) && !stop.IsCancellationRequested && asked - _renewedAt < duration)
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
        catch (RequestFailedException)
        {
            // Lost already, or lost soon: it runs out.
        }
    }

    private async Task<bool> TryLeaseAsync(CancellationToken stop)
    {
        var lease = _blob.GetBlobLeaseClient();
        try
        {
            _renewedAt = DateTimeOffset.UtcNow;
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
