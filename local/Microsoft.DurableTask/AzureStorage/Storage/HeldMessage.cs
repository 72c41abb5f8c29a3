using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace Lzn.Durable.Storage;

/// <summary>A queue message that this host has taken. It comes into sight again unless it is renewed or deleted.</summary>
internal sealed class HeldMessage(QueueClient queue, string id, string receipt, BinaryData body, long deliveries)
{
    private readonly SemaphoreSlim _receipts = new(1); // every use of a receipt may change it
    private string _receipt = receipt;

    public string Id => id;

    public BinaryData Body => body;

    public long Deliveries => deliveries;

    /// <summary>Takes over the newer receipt of the same message, seen again because this host was silent for too long.</summary>
    public void Adopt(HeldMessage newer) => _receipt = newer._receipt;

    /// <summary>Keeps the message out of sight until its work is over, or another host has it.</summary>
    public async Task KeepAsync(TimeSpan visibility, Task over, CancellationToken stop)
    {
        while (await Task.WhenAny(over, Task.Delay(visibility / 3, stop)).ConfigureAwait(false) != over && !stop.IsCancellationRequested)
            await TryAsync(held => UpdateAsync(held, newBody: null, visibility, stop), stop).ConfigureAwait(false);
    }

    public Task ReturnAsync(BinaryData changed, TimeSpan pause, CancellationToken stop) => TryAsync(held => UpdateAsync(held, changed, pause, stop), stop);

    /// <summary>Does nothing if another host has it by now; that one deletes it.</summary>
    public Task DeleteAsync(CancellationToken stop) => TryAsync(held => queue.DeleteMessageAsync(id, held, stop), stop);

    private async Task UpdateAsync(string held, BinaryData? newBody, TimeSpan visibility, CancellationToken stop)
    {
        UpdateReceipt updated = await queue.UpdateMessageAsync(id, held, newBody ?? body, visibility, stop).ConfigureAwait(false);
        _receipt = updated.PopReceipt;
    }

    private async Task TryAsync(Func<string, Task> use, CancellationToken stop)
    {
        await _receipts.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            await use(_receipt).ConfigureAwait(false);
        }
        catch (RequestFailedException gone) when (gone.Status is 404 or 400)
        {
            // 404: deleted. 400: taken by another host, the receipt is old.
        }
        catch (Exception fault) when (!stop.IsCancellationRequested && StorageFault.IsTransient(fault))
        {
            // Tried again, or seen again.
        }
        finally
        {
            _receipts.Release();
        }
    }
}
