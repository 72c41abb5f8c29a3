using Azure.Storage.Blobs;

namespace Lzn.Durable.Hosting;

/// <summary>The hosts of a hub that are alive, by their heartbeats. Times are the storage account's own, so hosts' clocks do not matter.</summary>
internal sealed class HostRegistry(BlobContainerClient container, string host)
{
    private const string Folder = "hosts/";
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(1);

    private DateTimeOffset _nextBeat = DateTimeOffset.MinValue;
    private int _alive = 1;

    /// <returns>How many hosts are alive, this one included.</returns>
    public async Task<int> CountAsync(CancellationToken stop)
    {
        if (DateTimeOffset.UtcNow < _nextBeat)
            return _alive;
        var beat = await container.GetBlobClient(Folder + host).UploadAsync(BinaryData.Empty, overwrite: true, stop).ConfigureAwait(false);
        var now = beat.Value.LastModified;
        var alive = 0;
        await foreach (var blob in container.GetBlobsAsync(prefix: Folder, cancellationToken: stop).ConfigureAwait(false))
        {
            var silence = now - blob.Properties.LastModified;
            if (silence < LongestSilence)
                alive++;
            else if (silence > Forgotten)
                await container.DeleteBlobIfExistsAsync(blob.Name, cancellationToken: stop).ConfigureAwait(false);
        }

        _nextBeat = DateTimeOffset.UtcNow + Beat;
        return _alive = Math.Max(1, alive);
    }

    public Task LeaveAsync(CancellationToken stop) => container.DeleteBlobIfExistsAsync(Folder + host, cancellationToken: stop);
}
