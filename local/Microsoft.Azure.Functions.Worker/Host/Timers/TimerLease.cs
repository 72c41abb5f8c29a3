using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Specialized;

namespace Lzn.Functions.Timers;

/// <summary>The right to run an app's timers: a lease on <c>azure-webjobs-hosts/locks/{hostId}/timers</c>, held by one host at a time.</summary>
internal sealed class TimerLease(BlobContainerClient container, string hostId)
{
    /// <summary>How long a host that died without a word keeps the others waiting.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromSeconds(30);

    private readonly BlobClient _blob = container.GetBlobClient($"locks/{hostId}/timers");
    private BlobLeaseClient? _lease;

    /// <returns>False when another host holds it.</returns>
    public async Task<bool> TryAcquireAsync(CancellationToken stop)
    {
        await container.CreateIfNotExistsAsync(cancellationToken: stop).ConfigureAwait(false);
        if (!await _blob.ExistsAsync(stop).ConfigureAwait(false))
            await CreateAsync(stop).ConfigureAwait(false);
        var lease = _blob.GetBlobLeaseClient();
        try
        {
            await lease.AcquireAsync(Duration, cancellationToken: stop).ConfigureAwait(false);
            _lease = lease;
            return true;
        }
        catch (RequestFailedException held) when (held.Status == 409)
        {
            return false;
        }
    }

    /// <exception cref="RequestFailedException">The lease is lost, or storage does not answer.</exception>
    public Task RenewAsync(CancellationToken stop) => _lease!.RenewAsync(cancellationToken: stop);

    public async Task ReleaseAsync()
    {
        try
        {
            await _lease!.ReleaseAsync().ConfigureAwait(false);
        }
        catch (RequestFailedException)
        {
            // Lost already, or out of reach: then it ends by itself.
        }
    }

    private async Task CreateAsync(CancellationToken stop)
    {
        try
        {
            await _blob.UploadAsync(BinaryData.FromBytes(Array.Empty<byte>()), overwrite: false, stop).ConfigureAwait(false);
        }
        catch (RequestFailedException exists) when (exists.Status == 409)
        {
            // Another host was faster.
        }
    }
}
