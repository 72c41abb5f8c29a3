using Lzn.Durable.History;

namespace Lzn.Durable.Storage;

/// <summary>Sends messages to instances: directly where this process runs the partition, else through the partition's queue.</summary>
internal sealed class MessageSender(TaskHub hub)
{
    private static readonly TimeSpan LocalPatience = TimeSpan.FromSeconds(3); // two instances that end while each sends to the other must not wait for ever
    private const int LongestQueued = 45 * 1024; // 64 KiB after Base64, with room to spare

    /// <summary>Ends when the message is safe: in the history, or in the queue.</summary>
    public async Task SendAsync(ControlMessage message, CancellationToken stop)
    {
        var partition = hub.PartitionOf(message.InstanceId);
        if (hub.Local.Find(partition) is { } local)
        {
            try
            {
                await local.DeliverAsync(message, stop).WaitAsync(LocalPatience, stop).ConfigureAwait(false);
                return;
            }
            catch (Exception fault) when (fault is PartitionLostException or TimeoutException)
            {
                // The queue finds the instance wherever it is. Should the event be committed all the same, it is known as a duplicate.
            }
        }

        await EnqueueAsync(partition, message, stop).ConfigureAwait(false);
    }

    /// <summary>Reads a queue's message, following the reference of a long one.</summary>
    public async Task<(ControlMessage Message, string? Blob)> ReadAsync(BinaryData body, CancellationToken stop)
    {
        var envelope = HistoryJson.FromBytes<Envelope>(body.ToMemory().Span, "A queue message");
        if (envelope.Message is { } message)
            return (message, null);
        var blob = envelope.Blob ?? throw new InvalidDataException("A queue message holds neither a message nor a reference.");
        return (HistoryJson.FromBytes<ControlMessage>(await hub.Payloads.ReadAsync(blob, stop).ConfigureAwait(false), blob), blob);
    }

    private async Task EnqueueAsync(int partition, ControlMessage message, CancellationToken stop)
    {
        var body = HistoryJson.ToBytes(new Envelope(Message: message));
        if (body.Length > LongestQueued)
        {
            var folder = $"messages/{Guid.NewGuid():N}/";
            body = HistoryJson.ToBytes(new Envelope(Blob: await hub.Payloads.StoreAsync(HistoryJson.ToBytes(message), folder, stop).ConfigureAwait(false)));
        }

        var forever = TimeSpan.FromSeconds(-1);
        await hub.ControlQueue(partition).SendMessageAsync(BinaryData.FromBytes(body), timeToLive: forever, cancellationToken: stop).ConfigureAwait(false);
    }

    private sealed record Envelope(ControlMessage? Message = null, string? Blob = null);
}
