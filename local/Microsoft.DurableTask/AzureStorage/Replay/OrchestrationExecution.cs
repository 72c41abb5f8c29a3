using DurableTask.Core.Exceptions;
using Lzn.Durable.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Lzn.Durable.Replay;

/// <summary>
/// One execution of an orchestrator in memory: history and new events go in, decisions come out. It knows no storage and no clock; what it
/// decides depends only on the batches it was given, so any host can build it again.
/// </summary>
internal sealed class OrchestrationExecution
{
    private readonly ReplaySettings _settings;
    private readonly OpenCalls _calls;
    private readonly ExternalEvents _events;
    private readonly TurnContext _turn;
    private readonly Queue<HistoryEvent> _held = []; // arrived while suspended
    private ExecutionStarted? _started;
    private ReplayedContext? _context;
    private Task<object?>? _orchestrator;
    private TaskFailureDetails? _neverStarted;
    private string? _foreign;
    private bool _suspended;

    /// <param name="onForeign">Called, from any thread and between turns, when the code turned out to await what is not durable; the next turn fails the instance.</param>
    public OrchestrationExecution(ReplaySettings settings, Action? onForeign = null)
    {
        _settings = settings;
        _calls = new OpenCalls(settings.Converter);
        _events = new ExternalEvents(settings.Converter);
        _turn = new TurnContext(what =>
        {
            Volatile.Write(ref _foreign, what);
            onForeign?.Invoke();
        });
    }

    /// <summary>Runs a turn that is in the history.</summary>
    /// <exception cref="NonDeterministicOrchestrationException">The code decides otherwise than it did then.</exception>
    public void Replay(HistoryBatch recorded)
    {
        var again = RunTurn(recorded.At, recorded.Arrived, replaying: true);
        var expected = Comparable(recorded.Decided);
        var actual = Comparable(again.Decided);
        for (var i = 0; i < Math.Max(expected.Count, actual.Count); i++)
        {
            var (then, now) = (expected.ElementAtOrDefault(i), actual.ElementAtOrDefault(i));
            if (!Same(then, now))
                throw NonDeterministicOrchestrationException.Between(_started?.Name ?? "", _started?.InstanceId ?? "", then, now);
        }
    }

    /// <summary>Runs a new turn.</summary>
    public HistoryBatch Run(DateTimeOffset now, IReadOnlyList<HistoryEvent> arrived) => RunTurn(now, arrived, replaying: false);

    private static List<HistoryEvent> Comparable(IReadOnlyList<HistoryEvent> decided) => [.. decided.Where(decision => decision is not CustomStatusSet)];

    private static bool Same(HistoryEvent? then, HistoryEvent? now) => (then, now) switch
    {
        (TaskScheduled a, TaskScheduled b) => a.Id == b.Id && new TaskName(a.Name) == b.Name,
        (SubOrchestrationScheduled a, SubOrchestrationScheduled b) => a.Id == b.Id && new TaskName(a.Name) == b.Name,
        (EventSent a, EventSent b) => a.Id == b.Id && string.Equals(a.Name, b.Name, StringComparison.OrdinalIgnoreCase),
        (Call a, Call b) => a.Id == b.Id && a.GetType() == b.GetType(),
        _ => then?.GetType() == now?.GetType(),
    };

    private HistoryBatch RunTurn(DateTimeOffset now, IReadOnlyList<HistoryEvent> arrived, bool replaying)
    {
        HistoryEvent? end = null;
        foreach (var next in arrived)
        {
            if (next is ExecutionTerminated terminated)
                end = new ExecutionCompleted(OrchestrationRuntimeStatus.Terminated, terminated.Output, Failure: null);
            if (end is not null)
                break;
            Begin(next);
            if (_context is not null)
                (_context.Now, _context.Replaying) = (now.UtcDateTime, replaying);
            Arrive(next);
        }

        end ??= Conclude();
        var decided = _calls.TakeDecisions();
        KeepLastStatus(decided);
        if (end is not null)
            decided.Add(end);
        return new HistoryBatch(now, arrived, decided);
    }

    private void Begin(HistoryEvent arrived)
    {
        if (arrived is not ExecutionStarted started)
            return;
        _started = started;
        _context = new ReplayedContext(started, _calls, _events, _turn, _settings);
    }

    private void Arrive(HistoryEvent arrived)
    {
        switch (arrived)
        {
            case ExecutionSuspended:
                _suspended = true;
                break;
            case ExecutionResumed:
                _suspended = false;
                while (!_suspended && _held.TryDequeue(out var held))
                    Arrive(held);
                break;
            default:
                if (_suspended)
                    _held.Enqueue(arrived);
                else
                    _turn.Run(() => Deliver(arrived));
                break;
        }
    }

    private void Deliver(HistoryEvent arrived)
    {
        switch (arrived)
        {
            case ExecutionStarted started:
                Start(started);
                break;
            case TaskCompleted completed:
                _calls.Complete(completed);
                break;
            case TaskFailed failed:
                _calls.Fail(failed);
                break;
            case TimerFired fired:
                _calls.Fire(fired);
                break;
            case EventRaised raised:
                _events.Raise(raised);
                break;
            default:
                break; // ExecutionRewound: a mark in the history
        }
    }

    private void Start(ExecutionStarted started)
    {
        if (_settings.FindOrchestrator(started.Name, started.Version) is { } orchestrator)
            _orchestrator = RunAsync(orchestrator);
        else
            _neverStarted = NotFound.Orchestrator(started.Name);
    }

    private async Task<object?> RunAsync(ITaskOrchestrator orchestrator)
    {
        var context = _context!; // set by Begin before the start arrives
        return await orchestrator.RunAsync(context, context.ReadInput(orchestrator.InputType)).ConfigureAwait(true); // never leaves the turn's context
    }

    /// <summary>The end, or null while the orchestration waits for something that can arrive.</summary>
    private HistoryEvent? Conclude()
    {
        if (_neverStarted is { } failure)
            return Failed(failure);
        if (_started is not { } started || _orchestrator is null)
            return null;
        if (Volatile.Read(ref _foreign) is { } foreign)
            return Failed(new InvalidOperationException(NotDurable.Text(started, foreign)));
        if (!_orchestrator.IsCompleted)
        {
            var canBeWoken = _calls.HasTasks || _calls.HasTimers || _events.IsAwaited || _held.Count > 0 || _suspended;
            return canBeWoken ? null : Failed(new InvalidOperationException(NotDurable.Text(started, "it waits, but for nothing that its context gave it")));
        }

        if (_calls.HasTasks || _suspended)
            return null;
        if (!_orchestrator.IsCompletedSuccessfully)
            return Failed(_orchestrator.Exception?.InnerException ?? new TaskCanceledException(_orchestrator));
        return _context!.Continuation is { } continuation ? Continue(started, continuation) : Complete(_orchestrator.Result);
    }

    private ExecutionCompleted Complete(object? output)
    {
        try
        {
            return new ExecutionCompleted(OrchestrationRuntimeStatus.Completed, _settings.Converter.ToPayload(output, "output of orchestrator", _started?.Name ?? ""), Failure: null);
        }
        catch (Exception exception)
        {
            return Failed(exception); // an output that cannot be written fails the instance, not the host
        }
    }

    private ContinuedAsNew Continue(ExecutionStarted started, Continuation next) =>
        new(DeterministicGuid.Of($"{started.ExecutionId}/next").ToString("N"), next.Version, next.Input, _events.TakeBuffered());

    private static ExecutionCompleted Failed(Exception exception) => Failed(TaskFailureDetails.FromException(exception));

    private static ExecutionCompleted Failed(TaskFailureDetails failure) =>
        new(OrchestrationRuntimeStatus.Failed, Payload.Of(failure.ErrorMessage), failure);

    private static void KeepLastStatus(List<HistoryEvent> decided)
    {
        var last = decided.FindLastIndex(decision => decision is CustomStatusSet);
        for (var i = last - 1; i >= 0; i--)
        {
            if (decided[i] is CustomStatusSet)
                decided.RemoveAt(i);
        }
    }
}
