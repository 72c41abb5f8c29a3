using System.Security.Cryptography;
using System.Text;
using Azure.Storage.Blobs;
using Lzn.Durable.History;

namespace Lzn.Durable.Storage;

/// <summary>Long payloads, beside the history as blobs named by their content's hash. They are written before the line that refers to them.</summary>
internal sealed class PayloadStore(BlobContainerClient container)
{
    /// <summary>Longer texts go into blobs. Characters, not bytes: the limit needs no precision.</summary>
    public const int LongestInline = 24 * 1024;

    private const int WorthAsking = 256 * 1024; // bytes from which a question is cheaper than to send in vain what is there: a result that is the input, a turn once more
    private const int Parallel = 16;

    /// <summary>Gives every long payload its blob.</summary>
    public async Task<HistoryBatch> StoreAsync(HistoryBatch batch, string folder, CancellationToken stop)
    {
        if (!batch.Arrived.Concat(batch.Decided).SelectMany(Payloads.Of).Any(IsLong))
            return batch;
        var stored = new Dictionary<Payload, Payload>(ReferenceEqualityComparer.Instance);
        foreach (var payload in batch.Arrived.Concat(batch.Decided).SelectMany(Payloads.Of).Where(IsLong))
            stored[payload] = await StoreAsync(payload, folder, stop).ConfigureAwait(false);
        return Payloads.Map(batch, payload => stored.GetValueOrDefault(payload, payload));
    }

    public async Task<IReadOnlyList<HistoryEvent>> StoreAsync(IReadOnlyList<HistoryEvent> events, string folder, CancellationToken stop) =>
        (await StoreAsync(new HistoryBatch(default, events, []), folder, stop).ConfigureAwait(false)).Arrived;

    public async Task<Payload> StoreAsync(Payload payload, string folder, CancellationToken stop)
    {
        if (!IsLong(payload))
            return payload;
        var name = await StoreAsync(Encoding.UTF8.GetBytes(payload.Text!), folder, stop).ConfigureAwait(false); // long means that there is a text
        return payload with { Blob = name };
    }

    /// <returns>The blob's name.</returns>
    public async Task<string> StoreAsync(byte[] content, string folder, CancellationToken stop)
    {
        var name = folder + Convert.ToHexStringLower(SHA256.HashData(content));
        var blob = container.GetBlobClient(name); // the same name is the same content
        if (content.Length < WorthAsking || !await blob.ExistsAsync(stop).ConfigureAwait(false))
            await blob.TryCreateAsync(content, metadata: null, stop).ConfigureAwait(false);
        return name;
    }

    /// <summary>Reads all that is referred to.</summary>
    public async Task<IReadOnlyList<HistoryBatch>> LoadAsync(IReadOnlyList<HistoryBatch> batches, CancellationToken stop)
    {
        var missing = batches.SelectMany(batch => batch.Arrived.Concat(batch.Decided)).SelectMany(Payloads.Of)
            .Where(payload => payload.Text is null).Select(payload => payload.Blob!).ToHashSet(); // a payload without text has a blob
        if (missing.Count == 0)
            return batches;
        var texts = new System.Collections.Concurrent.ConcurrentDictionary<string, string>();
        await System.Threading.Tasks.Parallel.ForEachAsync(
            missing,
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = stop },
            async (blob, cancellation) => texts[blob] = Encoding.UTF8.GetString(await ReadAsync(blob, cancellation).ConfigureAwait(false))).ConfigureAwait(false);
        return [.. batches.Select(batch => Payloads.Map(batch, payload => payload.Text is null ? payload with { Text = texts[payload.Blob!] } : payload))];
    }

    public async Task<IReadOnlyList<HistoryEvent>> LoadAsync(IReadOnlyList<HistoryEvent> events, CancellationToken stop) =>
        (await LoadAsync([new HistoryBatch(default, events, [])], stop).ConfigureAwait(false))[0].Arrived;

    public async Task<Payload?> LoadAsync(Payload? payload, CancellationToken stop) => payload is { Text: null, Blob: { } blob }
        ? payload with { Text = Encoding.UTF8.GetString(await ReadAsync(blob, stop).ConfigureAwait(false)) }
        : payload;

    public async Task<byte[]> ReadAsync(string blob, CancellationToken stop)
    {
        var content = await container.GetBlobClient(blob).DownloadContentAsync(stop).ConfigureAwait(false);
        return content.Value.Content.ToArray();
    }

    private static bool IsLong(Payload payload) => payload is { Blob: null, Text.Length: > LongestInline };
}
