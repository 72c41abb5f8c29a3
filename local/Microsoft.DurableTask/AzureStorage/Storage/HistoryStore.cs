using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Lzn.Durable.History;

namespace Lzn.Durable.Storage;

/// <summary>
/// Histories as append blobs: one line of JSON a turn. An append names the length it expects, so of two hosts that believe to own an instance
/// only one gets its turn in; the other must read again.
/// </summary>
internal sealed class HistoryStore(BlobContainerClient container, PayloadStore payloads)
{
    private const int LongestLine = 3 * 1024 * 1024; // an append takes 4 MiB at most
    private static readonly byte[] NewLine = "\n"u8.ToArray();

    /// <summary>Commits a turn. Its long payloads must be stored already.</summary>
    /// <param name="length">The history's length in bytes before the turn; 0 creates it.</param>
    /// <returns>The length after it.</returns>
    /// <exception cref="RequestFailedException">409 or 412: the history is not as long as expected.</exception>
    public async Task<long> AppendAsync(string instanceId, string executionId, HistoryBatch turn, long length, CancellationToken stop)
    {
        var line = HistoryJson.ToBytes(turn);
        if (line.Length > LongestLine)
            line = HistoryJson.ToBytes(new LongTurn(await payloads.StoreAsync(line, HubNames.Payloads(instanceId, executionId), stop).ConfigureAwait(false)));

        var blob = Blob(instanceId, executionId);
        if (length == 0)
            await CreateAsync(blob, stop).ConfigureAwait(false);
        using var block = new MemoryStream([.. line, .. NewLine]);
        var expected = new AppendBlobAppendBlockOptions { Conditions = new AppendBlobRequestConditions { IfAppendPositionEqual = length } };
        await blob.AppendBlockAsync(block, expected, stop).ConfigureAwait(false);
        return length + block.Length;
    }

    /// <summary>Begins an execution with turns of another one. Doing it again is harmless until the execution itself has begun.</summary>
    public async Task CopyAsync(string instanceId, string executionId, IReadOnlyList<HistoryBatch> turns, CancellationToken stop)
    {
        await container.DeleteBlobIfExistsAsync(HubNames.History(instanceId, executionId), cancellationToken: stop).ConfigureAwait(false);
        var length = 0L;
        foreach (var turn in turns)
            length = await AppendAsync(instanceId, executionId, turn, length, stop).ConfigureAwait(false);
    }

    /// <param name="from">A length that was returned before; reads only what was appended since.</param>
    /// <returns>The turns, payloads that were stored aside unread, and the length; nothing when there is no such history yet.</returns>
    public async Task<(IReadOnlyList<HistoryBatch> Turns, long Length)> ReadAsync(string instanceId, string executionId, long from, CancellationToken stop)
    {
        var blob = Blob(instanceId, executionId);
        try
        {
            var content = await blob.DownloadContentAsync(new BlobDownloadOptions { Range = new HttpRange(from) }, stop).ConfigureAwait(false);
            var bytes = content.Value.Content.ToMemory();
            return (await ParseAsync(bytes, blob.Name, stop).ConfigureAwait(false), from + bytes.Length);
        }
        catch (RequestFailedException fault) when (fault.Status is 404 or 416) // no blob, or nothing beyond
        {
            return ([], from);
        }
    }

    private static async Task CreateAsync(AppendBlobClient blob, CancellationToken stop)
    {
        try
        {
            await blob.CreateAsync(new AppendBlobCreateOptions { Conditions = new AppendBlobRequestConditions { IfNoneMatch = ETag.All } }, stop).ConfigureAwait(false);
        }
        catch (RequestFailedException fault) when (StorageFault.IsConflict(fault))
        {
            // There already; if it is not empty, the append below is refused.
        }
    }

    private async Task<IReadOnlyList<HistoryBatch>> ParseAsync(ReadOnlyMemory<byte> content, string name, CancellationToken stop)
    {
        var turns = new List<HistoryBatch>();
        while (content.Length > 0)
        {
            var end = content.Span.IndexOf((byte)'\n');
            if (end < 0)
                throw new InvalidDataException($"The history {name} ends in the middle of a line.");
            turns.Add(await ParseLineAsync(content[..end], name, stop).ConfigureAwait(false));
            content = content[(end + 1)..];
        }

        return turns;
    }

    private async Task<HistoryBatch> ParseLineAsync(ReadOnlyMemory<byte> line, string name, CancellationToken stop)
    {
        try
        {
            if (line.Span.StartsWith("{\"LongTurn\""u8))
                line = await payloads.ReadAsync(HistoryJson.FromBytes<LongTurn>(line.Span, name).Blob, stop).ConfigureAwait(false);
            return HistoryJson.FromBytes<HistoryBatch>(line.Span, name);
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"The history {name} has a line that is not a turn: {fault.Message}", fault);
        }
    }

    private AppendBlobClient Blob(string instanceId, string executionId) => container.GetAppendBlobClient(HubNames.History(instanceId, executionId));

    /// <summary>Stands in the history for a turn that is too long for one append.</summary>
    private sealed record LongTurn([property: System.Text.Json.Serialization.JsonPropertyName("LongTurn")] string Blob);
}
