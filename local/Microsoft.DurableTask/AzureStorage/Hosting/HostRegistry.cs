using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Lzn.Durable.Storage;

namespace Lzn.Durable.Hosting;

/// <summary>The hosts of a hub that are alive, by their heartbeats. Times are the storage account's own, so hosts' clocks do not matter.</summary>
internal sealed class HostRegistry(BlobContainerClient container, string host, string app)
{
    private const string Folder = "hosts/";
    private const string OwnerKey = "owner";
    private const string AppKey = "app";
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Forgotten = TimeSpan.FromHours(1);

    private DateTimeOffset _nextBeat = DateTimeOffset.MinValue;
    private int _alive = 1;
    private string? _stranger;

    /// <summary>Whether other hosts were alive when last counted.</summary>
    public bool HasOthers => Volatile.Read(ref _alive) > 1;

    /// <summary>Begins to be alive, unless hosts of another app are: they have other tasks, and each app would fail the other's instances.</summary>
    /// <exception cref="HubUnavailableException">Another app works on the hub.</exception>
    public async Task JoinAsync(CancellationToken stop)
    {
        await CountAsync(stop).ConfigureAwait(false);
        if (_stranger is not { } stranger)
            return;
        await LeaveAsync(stop).ConfigureAwait(false);
        throw new HubUnavailableException(
            $"Task hub container '{container.Name}' is in use by app '{stranger}', and this is app '{app}'. Give each app a hub of its own (HubName), or stop the other one first.");
    }

    /// <returns>How many hosts are alive, this one included.</returns>
    public async Task<int> CountAsync(CancellationToken stop)
    {
        if (DateTimeOffset.UtcNow < _nextBeat)
            return _alive;
        var options = new BlobUploadOptions { Metadata = new Dictionary<string, string> { [OwnerKey] = HostIdentity.Current, [AppKey] = Uri.EscapeDataString(app) } };
        var beat = await container.GetBlobClient(Folder + host).UploadAsync(BinaryData.Empty, options, stop).ConfigureAwait(false);
        var alive = 0;
        _stranger = null;
        await foreach (var blob in container.GetBlobsAsync(BlobTraits.Metadata, prefix: Folder, cancellationToken: stop).ConfigureAwait(false))
        {
            var silence = beat.Value.LastModified - blob.Properties.LastModified;
            var isDead = blob.Metadata.TryGetValue(OwnerKey, out var owner) && HostIdentity.IsDead(owner);
            if (silence < LongestSilence && !isDead)
            {
                alive++;
                if (silence >= TimeSpan.Zero && blob.Metadata.TryGetValue(AppKey, out var theirs) && Uri.UnescapeDataString(theirs) is var name && name != app)
                    _stranger = name; // the one that was there first stays
            }
            else if (silence > Forgotten || isDead)
                await container.DeleteBlobIfExistsAsync(blob.Name, cancellationToken: stop).ConfigureAwait(false);
        }

        _nextBeat = DateTimeOffset.UtcNow + Beat;
        return _alive = Math.Max(1, alive);
    }

    public Task LeaveAsync(CancellationToken stop) => container.DeleteBlobIfExistsAsync(Folder + host, cancellationToken: stop);
}
