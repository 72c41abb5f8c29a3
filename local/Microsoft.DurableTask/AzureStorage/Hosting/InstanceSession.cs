using System.Threading.Channels;
using Lzn.Durable.Storage;

namespace Lzn.Durable.Hosting;

/// <summary>
/// One instance on the host that owns it: a mailbox that is emptied turn by turn, for as long as the instance has work to do. What fails is
/// forgotten and done again from storage.
/// </summary>
internal sealed class InstanceSession
{
    private const int LongestTurn = 5000; // arrivals
    private static readonly TimeSpan IdleUntilForgotten = TimeSpan.FromMinutes(1);

    private readonly Channel<Delivery> _mailbox = Channel.CreateUnbounded<Delivery>(new UnboundedChannelOptions { SingleReader = true });
    private readonly string _instanceId;
    private readonly HostServices _services;
    private readonly Partition _partition;
    private readonly InstanceTurns _turns;
    private readonly CancellationToken _lost;
    private List<Delivery> _batch = [];
    private bool _leaves;

    public InstanceSession(string instanceId, HostServices services, Partition partition, CancellationToken lost)
    {
        _instanceId = instanceId;
        _services = services;
        _partition = partition;
        _lost = lost;
        _turns = new InstanceTurns(instanceId, services, partition, Wake, lost);
        using (ExecutionContext.SuppressFlow()) // whoever woke the instance is not its caller: neither their trace nor their log scopes are its own
            Ended = Task.Run(LiveAsync, CancellationToken.None);
    }

    public string InstanceId => _instanceId;

    public Task Ended { get; }

    /// <returns>False when the session is over; the instance then needs another one.</returns>
    public bool TryPost(Delivery delivery) => _mailbox.Writer.TryWrite(delivery);

    private void Wake() => TryPost(new Delivery(new ControlMessage(_instanceId)));

    private async Task LiveAsync()
    {
        try
        {
            var goesOn = true;
            while (goesOn && await WaitAsync().ConfigureAwait(false))
            {
                _batch = Drain();
                await Patience.UntilDoneAsync(
                    async () => goesOn = await TakeTurnAsync(_batch).ConfigureAwait(false), MayHeal, _services.Logger, $"commit a turn of {_instanceId}", _lost).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The partition is lost or given back.
        }
        catch (Exception fault)
        {
            Logs.InstanceBroken(_services.Logger, _instanceId, fault);
            _batch.ForEach(delivery => delivery.Fail(fault));
        }
        finally
        {
            End();
        }
    }

    /// <summary>Waits for mail. An instance that sleeps long keeps its place but not its memory.</summary>
    private async Task<bool> WaitAsync()
    {
        var mail = _mailbox.Reader.WaitToReadAsync(_lost).AsTask();
        try
        {
            return await mail.WaitAsync(IdleUntilForgotten, _lost).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _turns.Forget();
            return await mail.ConfigureAwait(false);
        }
    }

    private List<Delivery> Drain()
    {
        var batch = new List<Delivery>();
        while (batch.Count < LongestTurn && _mailbox.Reader.TryRead(out var delivery))
            batch.Add(delivery);
        return batch;
    }

    private void End()
    {
        _turns.Dispose();
        _partition.Remove(_instanceId, this);
        _mailbox.Writer.TryComplete();
        _batch.ForEach(delivery => delivery.Fail(new PartitionLostException())); // no effect on those that are settled
        while (_mailbox.Reader.TryRead(out var late))
            _partition.Post(late); // perhaps for a new instance of the same id
    }

    private bool MayHeal(Exception fault)
    {
        _turns.Forget();
        return fault is LeaseUncertainException || StorageFault.MayHeal(fault); // conflicts too: the history is read again
    }

    /// <returns>False when the instance is over or goes to another host, or there is none.</returns>
    private async Task<bool> TakeTurnAsync(List<Delivery> batch)
    {
        await _services.Turns.WaitAsync(_lost).ConfigureAwait(false);
        try
        {
            var exists = await _turns.LoadAsync().ConfigureAwait(false);
            if (exists)
                await _turns.CommitAsync(batch.Select(delivery => delivery.Message)).ConfigureAwait(false);
            batch.ForEach(delivery => delivery.Settle());
            if (!exists)
                return false;
            _turns.Act();
        }
        finally
        {
            _services.Turns.Release();
        }

        if (_turns.IsOver)
            return await _turns.FinishAsync().ConfigureAwait(false);
        _leaves |= batch.Exists(delivery => delivery.IsHandOver);
        return !_leaves || !await _turns.TryHandOverAsync().ConfigureAwait(false);
    }
}
