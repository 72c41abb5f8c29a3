using Azure;
using Azure.Storage.Blobs;
using Lzn.Durable.History;

namespace Lzn.Durable.Storage;

/// <summary>
/// Purges under way, purges/{id}.json. An instance is gone with its record; the note says what else is to go, so that a purge which is killed in between
/// is finished by the next one.
/// </summary>
internal sealed class PurgeNotes(BlobContainerClient container, InstanceStore instances)
{
    private const int Parallel = 16;

    /// <returns>The note's name.</returns>
    public async Task<string> WriteAsync(IReadOnlyList<Purged> purged, CancellationToken stop)
    {
        var name = HubNames.Purge(Guid.NewGuid().ToString("N"));
        await container.GetBlobClient(name).UploadAsync(BinaryData.FromBytes(HistoryJson.ToBytes(purged)), overwrite: true, stop).ConfigureAwait(false);
        return name;
    }

    /// <summary>Deletes what is left of instances that are gone, and the note once all of its instances are.</summary>
    public async Task FinishAsync(string note, IReadOnlyList<Purged> gone, bool all, CancellationToken stop)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = stop };
        await System.Threading.Tasks.Parallel.ForEachAsync(
            gone.SelectMany(purged => purged.Blobs),
            options,
            async (blob, cancellation) => await container.DeleteBlobIfExistsAsync(blob, cancellationToken: cancellation).ConfigureAwait(false)).ConfigureAwait(false);
        if (all)
            await container.DeleteBlobIfExistsAsync(note, cancellationToken: stop).ConfigureAwait(false);
    }

    /// <summary>Finishes what other purges have left.</summary>
    /// <returns>False when a note has instances that are still there: it is that of a purge which runs now, or was killed before it came to them.</returns>
    public async Task<bool> FinishAsync(CancellationToken stop)
    {
        var all = true;
        await foreach (var note in container.GetBlobsAsync(prefix: HubNames.Purges, cancellationToken: stop).ConfigureAwait(false))
        {
            if (await ReadAsync(note.Name, stop).ConfigureAwait(false) is not { } purged)
                continue; // finished meanwhile
            var gone = new List<Purged>();
            foreach (var one in purged)
            {
                if (await instances.IsGoneAsync(one.InstanceId, one.StartId, stop).ConfigureAwait(false))
                    gone.Add(one);
            }

            await FinishAsync(note.Name, gone, gone.Count == purged.Count, stop).ConfigureAwait(false);
            all &= gone.Count == purged.Count;
        }

        return all;
    }

    private async Task<IReadOnlyList<Purged>?> ReadAsync(string note, CancellationToken stop)
    {
        try
        {
            var content = await container.GetBlobClient(note).DownloadContentAsync(stop).ConfigureAwait(false);
            return HistoryJson.FromBytes<IReadOnlyList<Purged>>(content.Value.Content.ToMemory().Span, note);
        }
        catch (RequestFailedException fault) when (StorageFault.IsMissing(fault))
        {
            return null;
        }
    }

    /// <param name="StartId">Tells the instance from a later one of the same id.</param>
    /// <param name="Blobs">What it has besides its record.</param>
    internal sealed record Purged(string InstanceId, string StartId, IReadOnlyList<string> Blobs);
}
