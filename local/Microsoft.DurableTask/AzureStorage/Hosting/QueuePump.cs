using Azure.Storage.Queues.Models;
using Lzn.Durable.Storage;

namespace Lzn.Durable.Hosting;

/// <summary>Takes messages from a partition's queue to its instances, and deletes each once its effect is in a history.</summary>
internal sealed class QueuePump(int number, HostServices services, Partition partition)
{
    private const int MostAtOnce = 32;
    private const int MostDeliveries = 20;
    private const double Slowing = 1.5;
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _inFlight = new(16 * MostAtOnce);

    public async Task RunAsync(CancellationToken stop)
    {
        var pause = ShortestPause;
        try
        {
            while (true)
            {
                QueueMessage[] messages = [];
                await Patience.UntilDoneAsync(async () => messages = await ReceiveAsync(stop).ConfigureAwait(false), services.Logger, $"read the queue of partition {number}", stop).ConfigureAwait(false);
                foreach (var message in messages)
                {
                    await _inFlight.WaitAsync(stop).ConfigureAwait(false);
                    _ = HandleAsync(message, stop);
                }

                pause = messages.Length > 0 ? ShortestPause : Shorter(pause * Slowing, services.Options.MaxPollingInterval);
                if (messages.Length < MostAtOnce)
                    await Task.Delay(pause, stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The partition goes; messages at hand are seen again by the next host.
        }
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private async Task<QueueMessage[]> ReceiveAsync(CancellationToken stop)
    {
        var received = await services.Hub.ControlQueue(number).ReceiveMessagesAsync(MostAtOnce, services.Options.ControlVisibility, stop).ConfigureAwait(false);
        return received.Value;
    }

    private async Task HandleAsync(QueueMessage queued, CancellationToken stop)
    {
        try
        {
            var (message, blob) = await services.Hub.Bodies.ReadAsync<ControlMessage>(queued.Body, stop).ConfigureAwait(false);
            await partition.DeliverAsync(message, stop).ConfigureAwait(false);
            await DeleteAsync(queued, blob, stop).ConfigureAwait(false);
        }
        catch (Exception fault) when (fault is PartitionLostException || StorageFault.IsTransient(fault))
        {
            // Seen again after its visibility timeout, by this host or another.
        }
        catch (Exception fault)
        {
            await SetAsideAsync(queued, fault, stop).ConfigureAwait(false);
        }
        finally
        {
            _inFlight.Release();
        }
    }

    private async Task DeleteAsync(QueueMessage queued, string? blob, CancellationToken stop)
    {
        await services.Hub.ControlQueue(number).DeleteMessageAsync(queued.MessageId, queued.PopReceipt, stop).ConfigureAwait(false);
        if (blob is not null)
            await services.Hub.Container.DeleteBlobIfExistsAsync(blob, cancellationToken: stop).ConfigureAwait(false);
    }

    /// <summary>A message that nobody can read, or that fails again and again, must not block the others, nor be lost.</summary>
    private async Task SetAsideAsync(QueueMessage queued, Exception fault, CancellationToken stop)
    {
        if (fault is not (System.Text.Json.JsonException or InvalidDataException) && queued.DequeueCount < MostDeliveries)
            return;
        Logs.MessagePoisoned(services.Logger, queued.MessageId, services.Hub.ControlQueue(number).Name, queued.DequeueCount, fault);
        try
        {
            await services.Hub.PoisonQueue.SendMessageAsync(queued.Body, timeToLive: TimeSpan.FromSeconds(-1), cancellationToken: stop).ConfigureAwait(false);
            await DeleteAsync(queued, blob: null, stop).ConfigureAwait(false);
        }
        catch (Exception again) when (StorageFault.IsTransient(again))
        {
            // Tried again with the next delivery.
        }
    }
}
