using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace Lzn.Durable.Storage;

/// <summary>The activities that any host of the hub may run. Once here, an activity runs at least once, whatever becomes of the hosts.</summary>
internal sealed class ActivityQueue(QueueClient queue, QueueBodies bodies, PayloadStore payloads, TimeSpan visibility)
{
    private static readonly TimeSpan Forever = TimeSpan.FromSeconds(-1);

    /// <summary>How long a host that is silent keeps an activity from the others.</summary>
    public TimeSpan Visibility => visibility;

    public async Task SendAsync(ActivityMessage message, CancellationToken stop) =>
        await queue.SendMessageAsync(await bodies.WriteAsync(message, stop).ConfigureAwait(false), timeToLive: Forever, cancellationToken: stop).ConfigureAwait(false);

    /// <summary>Sends an activity that is running here already: nobody sees it for as long as this host holds it.</summary>
    public async Task<HeldMessage> SendHeldAsync(ActivityMessage message, CancellationToken stop)
    {
        var body = await bodies.WriteAsync(message, stop).ConfigureAwait(false);
        var sent = await queue.SendMessageAsync(body, visibility, Forever, stop).ConfigureAwait(false);
        return new HeldMessage(queue, sent.Value.MessageId, sent.Value.PopReceipt, body, deliveries: 1);
    }

    public async Task<IReadOnlyList<HeldMessage>> ReceiveAsync(int most, CancellationToken stop)
    {
        QueueMessage[] received = await queue.ReceiveMessagesAsync(most, visibility, stop).ConfigureAwait(false);
        return [.. received.Select(message => new HeldMessage(queue, message.MessageId, message.PopReceipt, message.Body, message.DequeueCount))];
    }

    /// <returns>The activity with its input, and the blob that is to be deleted after the message.</returns>
    /// <exception cref="InvalidDataException">The message is none of ours.</exception>
    public async Task<(ActivityMessage Content, string? Blob)> ReadAsync(HeldMessage message, CancellationToken stop)
    {
        var (content, blob) = await bodies.ReadAsync<ActivityMessage>(message.Body, stop).ConfigureAwait(false);
        var input = await payloads.LoadAsync(content.Task.Input, stop).ConfigureAwait(false);
        return (content with { Task = content.Task with { Input = input } }, blob);
    }

    /// <summary>Gives an activity back that this host has no place for.</summary>
    public async Task ReturnAsync(HeldMessage message, ActivityMessage content, TimeSpan pause, CancellationToken stop) =>
        await message.ReturnAsync(await bodies.WriteAsync(content with { Returned = content.Returned + 1 }, stop).ConfigureAwait(false), pause, stop).ConfigureAwait(false);
}
