using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Lzn.Durable.Storage;

namespace Lzn.Durable.Hosting;

/// <summary>The hosts of a hub that are alive, by their heartbeats. Times are the storage account's own, so hosts' clocks do not matter.</summary>
internal sealed class HostRegistry(BlobContainerClient container, string host)
{
    private const string Folder = "hosts/";
    private const string OwnerKey = "owner";
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(1);

    private DateTimeOffset _nextBeat = DateTimeOffset.MinValue;
    private int _alive = 1;

    /// <summary>Whether other hosts were alive when last counted.</summary>
    public bool HasOthers => Volatile.Read(ref _alive) > 1;

    /// <returns>How many hosts are alive, this one included.</returns>
    public async Task<int> CountAsync(CancellationToken stop)
    {
        if (DateTimeOffset.UtcNow < _nextBeat)
            return _alive;
        var options = new BlobUploadOptions { Metadata = new Dictionary<string, string> { [OwnerKey] = HostIdentity.Current } };
        var beat = await container.GetBlobClient(Folder + host).UploadAsync(BinaryData.Empty, options, stop).ConfigureAwait(false);
        var alive = 0;
        await foreach (var blob in container.GetBlobsAsync(BlobTraits.Metadata, prefix: Folder, cancellationToken: stop).ConfigureAwait(false))
        {
            var silence = beat.Value.LastModified - blob.Properties.LastModified;
            var isDead = blob.Metadata.TryGetValue(OwnerKey, out var owner) && HostIdentity.IsDead(owner);
            if (silence < LongestSilence && !isDead)
                alive++;
            else if (silence > Forgotten || isDead)
                await container.DeleteBlobIfExistsAsync(blob.Name, cancellationToken: stop).ConfigureAwait(false);
        }

        _nextBeat = DateTimeOffset.UtcNow + Beat;
        return _alive = Math.Max(1, alive);
    }

    public Task LeaveAsync(CancellationToken stop) => container.DeleteBlobIfExistsAsync(Folder + host, cancellationToken: stop);
}
