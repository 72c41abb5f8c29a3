using System.Threading.Channels;
using Azure;
using DurableTask.Core.Exceptions;
using Lzn.Durable.History;
using Lzn.Durable.Replay;
using Lzn.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Lzn.Durable.Hosting;

/// <summary>
/// One instance on the host that owns it. Its mailbox is emptied turn by turn: take what arrived, run the orchestrator, append the turn to the
/// history - the commit - and only then act on it. Whatever fails before the commit is forgotten and done again from storage.
/// </summary>
internal sealed class InstanceSession
{
    private const int LongestTurn = 5000; // arrivals
    private const long CheckpointEvery = 128 * 1024; // bytes of history after which the record's status is brought up to date
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(1);
    private static readonly TimeSpan IdleUntilForgotten = TimeSpan.FromMinutes(1);

    private readonly Channel<Delivery> _mailbox = Channel.CreateUnbounded<Delivery>(new UnboundedChannelOptions { SingleReader = true });
    private readonly string _instanceId;
    private readonly HostServices _services;
    private readonly Partition _partition;
    private readonly InstanceEffects _effects;
    private readonly CancellationToken _lost;
    private readonly Timer _alarm;
    private List<Delivery> _batch = [];
    private InstanceStore.Stored? _stored;
    private InstanceState _state = new();
    private OrchestrationExecution? _execution;
    private IReadOnlyList<HistoryBatch> _unreplayed = [];
    private long _length;
    private volatile bool _codeWentAstray;

    public InstanceSession(string instanceId, int partitionNumber, HostServices services, Partition partition, CancellationToken lost)
    {
        _instanceId = instanceId;
        _services = services;
        _partition = partition;
        _lost = lost;
        _effects = new InstanceEffects(instanceId, partitionNumber, services, lost);
        _alarm = new Timer(_ => Wake());
        Ended = Task.Run(LiveAsync, CancellationToken.None);
    }

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
            Forget();
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
        _alarm.Dispose();
        _partition.Remove(_instanceId, this);
        _mailbox.Writer.TryComplete();
        _batch.ForEach(delivery => delivery.Fail(new PartitionLostException())); // no effect on those that are settled
        foreach (var late in Drain())
            _partition.Post(late); // perhaps for a new instance of the same id
    }

    private bool MayHeal(Exception fault)
    {
        Forget();
        return StorageFault.IsTransient(fault) || fault is RequestFailedException; // conflicts too: the history is read again
    }

    /// <returns>False when the instance is over, or there is none.</returns>
    private async Task<bool> TakeTurnAsync(List<Delivery> batch)
    {
        await _services.Turns.WaitAsync(_lost).ConfigureAwait(false);
        try
        {
            if (_stored is null && !await LoadAsync().ConfigureAwait(false))
            {
                batch.ForEach(delivery => delivery.Settle());
                return false;
            }

            if (!_state.IsOver)
                await CommitAsync(batch).ConfigureAwait(false);
            batch.ForEach(delivery => delivery.Settle());
            Act();
        }
        finally
        {
            _services.Turns.Release();
        }

        return !_state.IsOver || await FinishAsync().ConfigureAwait(false);
    }

    /// <returns>False when there is nothing to run.</returns>
    private async Task<bool> LoadAsync()
    {
        if (await _services.Hub.Instances.ReadAsync(_instanceId, _lost).ConfigureAwait(false) is not { } stored)
            return false;
        if (InstanceState.IsFinal(stored.Record.Status))
        {
            await _effects.CloseAsync(stored.Record).ConfigureAwait(false);
            return false;
        }

        var (turns, length) = await _services.Hub.Histories.ReadAsync(_instanceId, stored.Record.ExecutionId, from: 0, _lost).ConfigureAwait(false);
        _unreplayed = await _services.Hub.Payloads.LoadAsync(turns, _lost).ConfigureAwait(false);
        foreach (var turn in _unreplayed)
            _state.Apply(turn);
        _length = length;
        _stored = stored;
        return true;
    }

    private void Forget()
    {
        _stored = null;
        _state = new InstanceState();
        _execution = null;
        _unreplayed = [];
    }

    private async Task CommitAsync(List<Delivery> batch)
    {
        var record = _stored!.Record; // loaded
        var now = DateTimeOffset.UtcNow > _state.UpdatedAt ? DateTimeOffset.UtcNow : _state.UpdatedAt; // hosts' clocks differ
        var arrived = (await ArrivedAsync(record, batch, now).ConfigureAwait(false)).Where(_state.TryTake).ToList();
        if (arrived.Count == 0 && !_codeWentAstray)
            return;

        var turn = Run(record, now, arrived) with { SentUpTo = _effects.SentUpTo };
        turn = await _services.Hub.Payloads.StoreAsync(turn, HubNames.Payloads(_instanceId, record.ExecutionId), _lost).ConfigureAwait(false);
        _length = await _services.Hub.Histories.AppendAsync(_instanceId, record.ExecutionId, turn, _length, _lost).ConfigureAwait(false);
        Telemetry.Turns.Add(1);
        var before = _state.Status;
        _state.Decide(turn);
        if (before != _state.Status || arrived is [ExecutionStarted, ..])
            _services.Hub.Local.Changed(_instanceId);
        await CheckpointAsync().ConfigureAwait(false);
    }

    /// <summary>What the turn begins with: the start if it is due, timers that are due, and the mail in its order.</summary>
    private async Task<List<HistoryEvent>> ArrivedAsync(InstanceRecord record, List<Delivery> batch, DateTimeOffset now)
    {
        var arrived = new List<HistoryEvent>();
        if (_state.Started is null && !(record.StartAt > now))
        {
            var input = await _services.Hub.Payloads.LoadAsync(record.Input, _lost).ConfigureAwait(false);
            arrived.Add((record with { Input = input }).ToStart());
        }

        arrived.AddRange(record.Carried ?? []);
        arrived.AddRange(_state.OpenCalls.OfType<TimerCreated>().Where(timer => timer.FireAt <= now.UtcDateTime)
            .OrderBy(timer => timer.FireAt).ThenBy(timer => timer.Id).Select(timer => new TimerFired(timer.Id)));
        arrived.AddRange(batch.Select(delivery => delivery.Message)
            .Where(message => message.ExecutionId is null || message.ExecutionId == record.ExecutionId).Select(message => message.Event).OfType<HistoryEvent>());
        return arrived;
    }

    private HistoryBatch Run(InstanceRecord record, DateTimeOffset now, List<HistoryEvent> arrived)
    {
        using var trace = Telemetry.Source.StartActivity($"orchestration {record.Name}");
        trace?.SetTag("durable.instance", _instanceId);
        try
        {
            if (_execution is null)
            {
                _codeWentAstray = false;
                _execution = new OrchestrationExecution(_services.Replay, AwakeAstray);
                foreach (var turn in _unreplayed)
                    _execution.Replay(turn);
                _unreplayed = [];
            }

            return _execution.Run(now, arrived);
        }
        catch (NonDeterministicOrchestrationException fault)
        {
            var failure = TaskFailureDetails.FromException(fault);
            return new HistoryBatch(now, arrived, [new ExecutionCompleted(OrchestrationRuntimeStatus.Failed, Payload.Of(failure.ErrorMessage), failure)]);
        }
    }

    private void AwakeAstray()
    {
        _codeWentAstray = true;
        Wake();
    }

    /// <summary>Readers compute the status from the record and the turns after it; this keeps those few.</summary>
    private async Task CheckpointAsync()
    {
        var stored = _stored!; // loaded
        if (_state.IsOver || _length - stored.Record.HistoryLength < CheckpointEvery)
            return;
        _stored = await _services.Hub.Instances.ReplaceAsync(stored.Record.After(_state) with { HistoryLength = _length }, stored.Version, _lost).ConfigureAwait(false) ?? stored;
    }

    /// <summary>Sees to all that the history asks for and that has no end yet. Whatever is under way is not begun twice.</summary>
    private void Act()
    {
        var record = _stored!.Record; // loaded
        _effects.Act(record, _state);
        ScheduleAlarm(record);
    }

    private void ScheduleAlarm(InstanceRecord record)
    {
        if (_state.IsOver)
            return;
        DateTimeOffset? due = _state.Started is null ? record.StartAt : null;
        foreach (var timer in _state.OpenCalls.OfType<TimerCreated>())
        {
            var fireAt = new DateTimeOffset(timer.FireAt, TimeSpan.Zero);
            due = due < fireAt ? due : fireAt;
        }

        if (due is not { } at)
            return;
        var pause = at - DateTimeOffset.UtcNow;
        _alarm.Change(pause < TimeSpan.Zero ? TimeSpan.Zero : pause < LongestTimer ? pause : LongestTimer, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Writes down the end, or begins the next execution.</summary>
    /// <returns>Whether the instance goes on.</returns>
    private async Task<bool> FinishAsync()
    {
        var stored = _stored!; // loaded
        await _effects.SentAsync().ConfigureAwait(false);
        if (_state.Next is { } next)
        {
            await ContinueAsync(stored, next).ConfigureAwait(false);
            return true;
        }

        var ended = stored.Record.After(_state) with { HistoryLength = _length, Children = _state.Children, Carried = null, SeenMessages = null };
        if (await _services.Hub.Instances.ReplaceAsync(ended, stored.Version, _lost).ConfigureAwait(false) is null)
            throw new RequestFailedException(412, $"The record of instance '{_instanceId}' was changed by another host.");
        Logs.InstanceEnded(_services.Logger, _instanceId, ended.Name, ended.Status.ToString());
        _services.Hub.Local.Changed(_instanceId);
        await _effects.CloseAsync(ended).ConfigureAwait(false);
        return false;
    }

    private async Task ContinueAsync(InstanceStore.Stored stored, ContinuedAsNew next)
    {
        var customStatus = await _services.Hub.Payloads.LoadAsync(_state.CustomStatus ?? stored.Record.CustomStatus, _lost).ConfigureAwait(false);
        var carried = next.Carried.Select(raised => raised.MessageId).ToHashSet();
        var begun = stored.Record.After(_state) with
        {
            ExecutionId = next.ExecutionId,
            Version = next.Version,
            Input = Payload.Of(next.Input?.Text), // texts, not references: the blobs go with the old execution
            CustomStatus = Payload.Of(customStatus?.Text),
            Carried = [.. next.Carried.Select(raised => raised with { Input = Payload.Of(raised.Input?.Text) })],
            SeenMessages = [.. _state.SeenMessages.Where(id => !carried.Contains(id)).TakeLast(1000)],
            Status = OrchestrationRuntimeStatus.Running,
            HistoryLength = 0,
            Output = null,
        };
        if (await _services.Hub.Instances.ReplaceAsync(begun, stored.Version, _lost).ConfigureAwait(false) is null)
            throw new RequestFailedException(412, $"The record of instance '{_instanceId}' was changed by another host.");
        await _services.Hub.Instances.DeleteExecutionAsync(_instanceId, stored.Record.ExecutionId, _lost).ConfigureAwait(false);
        Forget();
        _effects.Reset();
        Wake();
    }
}
