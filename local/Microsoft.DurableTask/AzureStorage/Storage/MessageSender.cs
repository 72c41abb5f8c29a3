namespace Lzn.Durable.Storage;

/// <summary>Sends messages to instances: directly where this process runs the partition, else through the partition's queue.</summary>
internal sealed class MessageSender(TaskHub hub)
{
    private static readonly TimeSpan LocalPatience = TimeSpan.FromSeconds(3); // two instances that end while each sends to the other must not wait for ever
    private static readonly TimeSpan Forever = TimeSpan.FromSeconds(-1);

    /// <summary>Ends when the message is safe: in the history, or in the queue.</summary>
    public Task SendAsync(ControlMessage message, CancellationToken stop) => SendAsync(message, LocalPatience, stop);

    /// <summary>As <see cref="SendAsync(ControlMessage, CancellationToken)"/>, for a sender that can wait as long as this process has the instance.</summary>
    public Task SendPatientlyAsync(ControlMessage message, CancellationToken stop) => SendAsync(message, Timeout.InfiniteTimeSpan, stop);

    private async Task SendAsync(ControlMessage message, TimeSpan patience, CancellationToken stop)
    {
        var partition = hub.PartitionOf(message.InstanceId);
        if (hub.Local.Find(partition) is { } local)
        {
            try
            {
                await local.DeliverAsync(message, stop).WaitAsync(patience, stop).ConfigureAwait(false);
                return;
            }
            catch (Exception fault) when (fault is PartitionLostException or TimeoutException)
            {
                // The queue finds the instance wherever it is. Should the event be committed all the same, it is known as a duplicate.
            }
        }

        var body = await hub.Bodies.WriteAsync(message, stop).ConfigureAwait(false);
        await hub.ControlQueue(partition).SendMessageAsync(body, timeToLive: Forever, cancellationToken: stop).ConfigureAwait(false);
    }
}
