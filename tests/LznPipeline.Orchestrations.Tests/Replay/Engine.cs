using Google.Protobuf.WellKnownTypes;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Protobuf;
using TaskFailureDetails = Microsoft.DurableTask.Protobuf.TaskFailureDetails;

namespace LznPipeline.Orchestrations.Tests.Replay;

/// <summary>Plays the durable engine for one orchestration, without clocks: what it waits for comes one at a time, in order.</summary>
/// <param name="answer">What an activity or child gives, by its name and input; an exception fails it.</param>
internal sealed class Engine(WorkerTurns turns, Func<string, string?, object?> answer, DataConverter json)
{
    private static readonly Timestamp Begin = new() { Seconds = 1_767_225_600 };       // 2026-01-01

    private readonly List<HistoryEvent> _past = [];
    private readonly Queue<Func<HistoryEvent>> _underWay = new();
    private DateTime _now = Begin.ToDateTime();

    /// <summary>Timers that were set, as the pause that each one is.</summary>
    internal List<TimeSpan> Pauses { get; } = [];

    /// <summary>Each turn: what the worker was asked, and what it decided. The last one completes the orchestration, or begins it anew.</summary>
    internal IEnumerable<Turn> Run(string workflow, Func<TaskOrchestrationContext, Task<object?>> code, string instance, object input)
    {
        var self = new OrchestrationInstance { InstanceId = instance, ExecutionId = "execution" };
        var begun = new ExecutionStartedEvent { Name = workflow, Input = json.Serialize(input), OrchestrationInstance = self };
        var next = Event(-1, happened => happened.ExecutionStarted = begun);
        while (true)
        {
            HistoryEvent[] news = [Event(-1, happened => happened.OrchestratorStarted = new OrchestratorStartedEvent()), next];
            var request = new OrchestratorRequest { InstanceId = instance, ExecutionId = "execution", PastEvents = { _past }, NewEvents = { news } };
            var response = turns.Run(request, code);
            yield return new Turn(workflow, request, response);
            if (response.Actions.Any(action => action.CompleteOrchestration is not null))
                yield break;

            _past.AddRange(news);
            _past.AddRange(response.Actions.Select(Take));
            _past.Add(Event(-1, happened => happened.OrchestratorCompleted = new OrchestratorCompletedEvent()));
            _now += TimeSpan.FromSeconds(1);
            next = _underWay.Dequeue()();
        }
    }

    /// <summary>Writes an action into the history, and sees to it that its outcome comes.</summary>
    private HistoryEvent Take(OrchestratorAction action) => action switch
    {
        { ScheduleTask: { } task } => Schedule(
            action.Id, happened => happened.TaskScheduled = new TaskScheduledEvent { Name = task.Name, Input = task.Input }, () => Outcome(
                task.Name, task.Input,
                (happened, result) => happened.TaskCompleted = new TaskCompletedEvent { TaskScheduledId = action.Id, Result = result },
                (happened, failure) => happened.TaskFailed = new TaskFailedEvent { TaskScheduledId = action.Id, FailureDetails = failure })),
        { CreateSubOrchestration: { } child } => Schedule(
            action.Id, happened => happened.SubOrchestrationInstanceCreated = new() { InstanceId = child.InstanceId, Name = child.Name, Input = child.Input },
            () => Outcome(
                child.Name, child.Input,
                (happened, result) => happened.SubOrchestrationInstanceCompleted = new() { TaskScheduledId = action.Id, Result = result },
                (happened, failure) => happened.SubOrchestrationInstanceFailed = new() { TaskScheduledId = action.Id, FailureDetails = failure })),
        { CreateTimer: { } timer } => Schedule(
            action.Id, happened => happened.TimerCreated = new TimerCreatedEvent { FireAt = timer.FireAt }, () => Fire(action.Id, timer.FireAt)),
        _ => throw new NotSupportedException($"{action}"),
    };

    private HistoryEvent Schedule(int id, Action<HistoryEvent> what, Func<HistoryEvent> outcome)
    {
        var scheduled = Event(id, what);
        if (scheduled.TimerCreated is { } timer)
            Pauses.Add(timer.FireAt.ToDateTime() - _now);
        _underWay.Enqueue(outcome);
        return scheduled;
    }

    private HistoryEvent Fire(int id, Timestamp at)
    {
        _now = at.ToDateTime() > _now ? at.ToDateTime() : _now;
        return Event(-1, happened => happened.TimerFired = new TimerFiredEvent { TimerId = id, FireAt = at });
    }

    private HistoryEvent Outcome(string name, string? input, Action<HistoryEvent, string?> completed, Action<HistoryEvent, TaskFailureDetails> failed)
    {
        try
        {
            var result = json.Serialize(answer(name, input));
            return Event(-1, happened => completed(happened, result));
        }
        catch (Exception failure)
        {
            return Event(-1, happened => failed(happened, new TaskFailureDetails { ErrorType = failure.GetType().FullName, ErrorMessage = failure.Message }));
        }
    }

    private HistoryEvent Event(int id, Action<HistoryEvent> what)
    {
        var happened = new HistoryEvent { EventId = id, Timestamp = Timestamp.FromDateTime(_now) };
        what(happened);
        return happened;
    }
}

/// <summary>One turn of an orchestration: a worker that is killed in it is asked the same again.</summary>
internal sealed record Turn(string Workflow, OrchestratorRequest Request, OrchestratorResponse Response);
