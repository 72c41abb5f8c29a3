using Lzn.Durable.History;

namespace Lzn.Durable.Storage;

/// <summary>What stands in queue messages: the content itself, or for a long one the name of a blob that holds it.</summary>
internal sealed class QueueBodies(PayloadStore payloads)
{
    private const int LongestInline = 45 * 1024; // 64 KiB after Base64, with room to spare

    public async Task<BinaryData> WriteAsync<T>(T content, CancellationToken stop)
        where T : class
    {
        var body = HistoryJson.ToBytes(new Envelope<T>(Message: content));
        if (body.Length > LongestInline)
        {
            var folder = $"messages/{Guid.NewGuid():N}/";
            body = HistoryJson.ToBytes(new Envelope<T>(Blob: await payloads.StoreAsync(HistoryJson.ToBytes(content), folder, stop).ConfigureAwait(false)));
        }

        return BinaryData.FromBytes(body);
    }

    /// <returns>The content, and the blob that is to be deleted after the message.</returns>
    /// <exception cref="InvalidDataException">The message is none of ours.</exception>
    public async Task<(T Content, string? Blob)> ReadAsync<T>(BinaryData body, CancellationToken stop)
        where T : class
    {
        var envelope = HistoryJson.FromBytes<Envelope<T>>(body.ToMemory().Span, "A queue message");
        if (envelope.Message is { } content)
            return (content, null);
        var blob = envelope.Blob ?? throw new InvalidDataException("A queue message holds neither a message nor a reference.");
        return (HistoryJson.FromBytes<T>(await payloads.ReadAsync(blob, stop).ConfigureAwait(false), blob), blob);
    }

    private sealed record Envelope<T>(T? Message = null, string? Blob = null)
        where T : class;
}
