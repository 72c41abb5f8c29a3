using System.Diagnostics;
using Azure;
using DurableTask.Core.Exceptions;
using Lzn.Durable.History;
using Lzn.Durable.Replay;
using Lzn.Durable.Storage;
using Lzn.Durable.Tracing;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Lzn.Durable.Hosting;

/// <summary>
/// The turns of one instance: take what arrived, run the orchestrator, append the turn to the history - the commit - and only then act on it. What
/// is in memory is a copy of what is in storage, and may be forgotten at any time.
/// </summary>
/// <param name="wake">Asks for a turn, from any thread.</param>
internal sealed class InstanceTurns(string instanceId, HostServices services, Partition partition, Action wake, CancellationToken lost) : IDisposable
{
    private const long CheckpointEvery = 128 * 1024; // bytes of history after which the record's status is brought up to date

    private readonly InstanceEffects _effects = new(instanceId, partition.Number, services, lost);
    private readonly InstanceActivities _activities = new(instanceId, services, lost);
    private readonly InstanceAlarm _alarm = new(services.Clock, wake);
    private InstanceStore.Stored? _stored;
    private InstanceState _state = new();
    private OrchestrationExecution? _execution;
    private IReadOnlyList<HistoryBatch> _unreplayed = [];
    private long _length;
    private volatile bool _codeWentAstray;

    public bool IsOver => _state.IsOver;

    /// <summary>Reads the instance, unless it is in memory.</summary>
    /// <returns>False when there is nothing to run.</returns>
    public async Task<bool> LoadAsync()
    {
        if (_stored is not null)
            return true;
        if (await services.Hub.Instances.ReadAsync(instanceId, lost).ConfigureAwait(false) is not { } stored)
            return false;
        if (InstanceState.IsFinal(stored.Record.Status))
        {
            await _effects.CloseAsync(stored.Record).ConfigureAwait(false);
            return false;
        }

        var (turns, length) = await services.Hub.Histories.ReadAsync(instanceId, stored.Record.ExecutionId, from: 0, lost).ConfigureAwait(false);
        _unreplayed = await services.Hub.Payloads.LoadAsync(turns, lost).ConfigureAwait(false);
        foreach (var turn in _unreplayed)
            _state.Apply(turn);
        _length = length;
        _stored = stored with { Record = stored.Record with { Carried = await CarriedAsync(stored.Record).ConfigureAwait(false) } };
        return true;
    }

    public void Forget()
    {
        _stored = null;
        _state = new InstanceState();
        _execution = null;
        _unreplayed = [];
    }

    /// <summary>Runs a turn and writes it down. Does nothing when nothing has happened.</summary>
    /// <exception cref="LeaseUncertainException">The partition may be another host's by now.</exception>
    public async Task CommitAsync(IEnumerable<ControlMessage> mail)
    {
        if (_state.IsOver)
            return;
        var record = _stored!.Record; // loaded
        var now = services.Clock.GetUtcNow() is var time && time > _state.UpdatedAt ? time : _state.UpdatedAt; // hosts' clocks differ
        var arrived = (await ArrivedAsync(record, mail, now).ConfigureAwait(false)).Where(_state.TryTake).ToList();
        var withdrawn = _activities.Withdraw(record.ExecutionId, _state);
        if (arrived.Count == 0 && withdrawn.Count == 0 && !_codeWentAstray)
            return;

        var begun = Stopwatch.GetTimestamp();
        var turn = Run(record, now, arrived);
        var before = _state.Status;
        await AppendAsync(record, turn with { Shared = _activities.Share(turn, withdrawn) }).ConfigureAwait(false);
        Telemetry.TookTurn(record.Name, Stopwatch.GetElapsedTime(begun));
        if (arrived is [ExecutionStarted, ..])
            Telemetry.Started(record.Name);
        if (before != _state.Status || arrived is [ExecutionStarted, ..])
            services.Hub.Local.Changed(instanceId);
        await CheckpointAsync().ConfigureAwait(false);
    }

    /// <summary>Sees to all that the history asks for and that has no end yet. Whatever is under way is not begun twice.</summary>
    public void Act()
    {
        var record = _stored!.Record; // loaded
        _activities.Act(record, _state);
        _effects.Act(record, _state);
        if (!_state.IsOver)
            _alarm.Set(_state, record.StartAt);
    }

    /// <summary>Writes down the end, or begins the next execution.</summary>
    /// <returns>Whether the instance goes on.</returns>
    public async Task<bool> FinishAsync()
    {
        var stored = _stored!; // loaded
        await _effects.SentAsync().ConfigureAwait(false);
        if (_state.Next is { } next)
        {
            var (over, length) = (_state, _length);
            await ContinueAsync(stored, next).ConfigureAwait(false);
            Tell(stored.Record, over, length);
            return true;
        }

        var ended = stored.Record.After(_state) with { HistoryLength = _length, Children = _state.Children, Carried = null, SeenMessages = null };
        await ReplaceAsync(ended, stored.Version).ConfigureAwait(false);
        Tell(stored.Record, _state, _length);
        Logs.InstanceEnded(services.Logger, instanceId, ended.Name, ended.Status.ToString());
        services.Hub.Local.Changed(instanceId);
        await _effects.CloseAsync(ended).ConfigureAwait(false);
        return false;
    }

    /// <summary>Gives the activities that run here to the queue, so that the next host of the instance does not run them again.</summary>
    /// <returns>False when one has ended meanwhile: its end is on its way here, and belongs into the history first.</returns>
    public async Task<bool> TryHandOverAsync()
    {
        var record = _stored!.Record; // loaded
        await Task.WhenAll(_effects.SentAsync(), _activities.SentAsync()).ConfigureAwait(false);
        var lent = await _activities.LendAsync(record, _state).ConfigureAwait(false);
        if (lent.Count > 0)
            await AppendAsync(record, new HistoryBatch(_state.UpdatedAt, [], [], Shared: lent, Queued: lent)).ConfigureAwait(false);
        return !_activities.HasEnded(record.ExecutionId, _state);
    }

    public void Dispose() => _alarm.Dispose();

    private async Task AppendAsync(InstanceRecord record, HistoryBatch turn)
    {
        var queued = _activities.TakeQueued(record.ExecutionId);
        turn = turn with { SentUpTo = _effects.SentUpTo(record.ExecutionId), Queued = queued is null ? turn.Queued : [.. turn.Queued ?? [], .. queued] };
        turn = await services.Hub.Payloads.StoreAsync(turn, HubNames.Payloads(instanceId, record.ExecutionId), lost).ConfigureAwait(false);
        partition.AssertLeased();
        _length = await services.Hub.Histories.AppendAsync(instanceId, record.ExecutionId, turn, _length, lost).ConfigureAwait(false);
        _state.Decide(turn);
    }

    /// <summary>What the turn begins with: the start if it is due, timers that are due, and the mail in its order.</summary>
    private async Task<List<HistoryEvent>> ArrivedAsync(InstanceRecord record, IEnumerable<ControlMessage> mail, DateTimeOffset now)
    {
        var arrived = new List<HistoryEvent>();
        if (_state.Started is null && !(record.StartAt > now))
        {
            var input = await services.Hub.Payloads.LoadAsync(record.Input, lost).ConfigureAwait(false);
            arrived.Add((record with { Input = input }).ToStart());
        }

        arrived.AddRange(record.Carried ?? []);
        arrived.AddRange(_state.OpenCalls.OfType<TimerCreated>().Where(timer => timer.FireAt <= now.UtcDateTime)
            .OrderBy(timer => timer.FireAt).ThenBy(timer => timer.Id).Select(timer => new TimerFired(timer.Id)));
        arrived.AddRange(mail.Where(message => message.ExecutionId is null || message.ExecutionId == record.ExecutionId)
            .Select(message => message.Event).OfType<HistoryEvent>());
        return arrived;
    }

    /// <summary>What comes from the execution before, until it is taken: which is all in one turn.</summary>
    private async Task<IReadOnlyList<HistoryEvent>?> CarriedAsync(InstanceRecord record) => record.Carried is [var first, ..] carried && !_state.HasTaken(first)
        ? await services.Hub.Payloads.LoadAsync(carried, lost).ConfigureAwait(false)
        : null;

    private HistoryBatch Run(InstanceRecord record, DateTimeOffset now, List<HistoryEvent> arrived)
    {
        using var span = Spans.Enter(record);
        try
        {
            if (_execution is null)
            {
                _codeWentAstray = false;
                _execution = new OrchestrationExecution(services.Replay, AwakeAstray);
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

    /// <summary>Only the host that has written the end down comes here, so nothing is counted twice.</summary>
    private static void Tell(InstanceRecord record, InstanceState over, long historyLength)
    {
        Telemetry.Ended(record.Name, over, historyLength);
        Spans.Tell(record, over);
    }

    private void AwakeAstray()
    {
        _codeWentAstray = true;
        wake();
    }

    /// <summary>Readers compute the status from the record and the turns after it; this keeps those few.</summary>
    private async Task CheckpointAsync()
    {
        var stored = _stored!; // loaded
        if (_state.IsOver || _length - stored.Record.HistoryLength < CheckpointEvery)
            return;
        _stored = await services.Hub.Instances.ReplaceAsync(stored.Record.After(_state) with { HistoryLength = _length }, stored.Version, lost).ConfigureAwait(false) ?? stored;
    }

    private async Task ContinueAsync(InstanceStore.Stored stored, ContinuedAsNew next)
    {
        var customStatus = await services.Hub.Payloads.LoadAsync(_state.CustomStatus ?? stored.Record.CustomStatus, lost).ConfigureAwait(false);
        await ReplaceAsync(stored.Record.After(_state).Next(next, customStatus, _state.SeenMessages), stored.Version).ConfigureAwait(false);
        await services.Hub.Instances.DeleteExecutionAsync(instanceId, stored.Record.ExecutionId, lost).ConfigureAwait(false);
        Forget();
        wake();
    }

    private async Task ReplaceAsync(InstanceRecord record, ETag version)
    {
        if (await services.Hub.Instances.ReplaceAsync(record, version, lost).ConfigureAwait(false) is null)
            throw new RequestFailedException(412, $"The record of instance '{instanceId}' was changed by another host, or by a write of ours whose answer was lost.");
    }
}
