using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Lzn.Durable.History;

/// <summary>
/// What an execution's history says without running any code of it: status, open calls, messages already taken. The status that clients read
/// is always computed here, so it cannot disagree with the history.
/// </summary>
internal sealed class InstanceState
{
    private readonly Dictionary<int, Call> _open = [];
    private readonly Dictionary<int, EventSent> _unsent = [];
    private readonly HashSet<int> _shared = [];
    private readonly HashSet<int> _queued = [];
    private readonly HashSet<string> _seen = [];
    private readonly List<string> _seenInOrder = [];
    private bool _suspended;

    public InstanceState()
    {
    }

    /// <summary>Goes on from a status that is known, to follow it over later turns.</summary>
    public InstanceState(OrchestrationRuntimeStatus status)
    {
        Status = status;
        _suspended = status == OrchestrationRuntimeStatus.Suspended;
    }

    /// <summary>Null before the first turn.</summary>
    public ExecutionStarted? Started { get; private set; }

    public OrchestrationRuntimeStatus Status { get; private set; } = OrchestrationRuntimeStatus.Pending;

    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>Time of the first turn.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    public Payload? Output { get; private set; }

    public Payload? CustomStatus { get; private set; }

    public TaskFailureDetails? Failure { get; private set; }

    /// <summary>Instances this execution has started.</summary>
    public List<string> Children { get; } = [];

    /// <summary>Set when the execution is over and another one follows.</summary>
    public ContinuedAsNew? Next { get; private set; }

    /// <summary>How the execution ended, if it has.</summary>
    public string EndStatus => Next is null ? Status.ToString() : "ContinuedAsNew";

    public bool TerminatesChildren { get; private set; }

    public bool IsOver => Next is not null || IsFinal(Status);

    public IReadOnlyList<string> SeenMessages => _seenInOrder;

    /// <summary>Activities, sub-orchestrations and timers without an end.</summary>
    public IEnumerable<Call> OpenCalls => _open.Values;

    /// <summary>Activities without an end that the host of the instance runs.</summary>
    public IEnumerable<TaskScheduled> OwnActivities => _open.Values.OfType<TaskScheduled>().Where(task => !_shared.Contains(task.Id));

    /// <summary>Activities without an end that any host may run, but that are not known to be in the queue.</summary>
    public IEnumerable<TaskScheduled> UnqueuedActivities => _shared.Except(_queued).Select(id => _open.GetValueOrDefault(id)).OfType<TaskScheduled>();

    public IEnumerable<EventSent> UnsentEvents => _unsent.Values.OrderBy(sent => sent.Id);

    public static bool IsFinal(OrchestrationRuntimeStatus status) =>
        status is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated;

    public void Apply(HistoryBatch batch)
    {
        foreach (var arrived in batch.Arrived)
            TryTake(arrived);
        Decide(batch);
    }

    /// <summary>Takes an arrival into account, unless it came before or belongs to nothing open: then it must not enter the history.</summary>
    public bool TryTake(HistoryEvent arrived)
    {
        switch (arrived)
        {
            case ExecutionStarted started when Started is null:
                Started = started;
                Status = _suspended ? OrchestrationRuntimeStatus.Suspended : OrchestrationRuntimeStatus.Running;
                foreach (var id in started.SeenMessages ?? [])
                    See(id);
                return true;
            case TaskCompleted completed:
                return _open.Remove(completed.Id);
            case TaskFailed failed:
                return _open.Remove(failed.Id);
            case TimerFired fired:
                return _open.Remove(fired.Id);
            case EventRaised raised:
                return See(raised.MessageId);
            case ExecutionSuspended suspended:
                return See(suspended.MessageId) && Suspend(true);
            case ExecutionResumed resumed:
                return See(resumed.MessageId) && Suspend(false);
            case ExecutionTerminated terminated:
                TerminatesChildren |= terminated.Recursive;
                return See(terminated.MessageId);
            case ExecutionRewound rewound:
                return See(rewound.MessageId);
            default:
                return false;
        }
    }

    /// <summary>Whether the message is in the history already.</summary>
    public bool HasTaken(HistoryEvent message) => message switch
    {
        EventRaised raised => _seen.Contains(raised.MessageId),
        ExecutionRewound rewound => _seen.Contains(rewound.MessageId),
        _ => false,
    };

    /// <summary>Takes a turn's decisions into account.</summary>
    public void Decide(HistoryBatch batch)
    {
        UpdatedAt = batch.At;
        if (StartedAt == default)
            StartedAt = batch.At;
        foreach (var decided in batch.Decided)
            Decide(decided);
        foreach (var id in _unsent.Keys.Where(id => id < batch.SentUpTo).ToList())
            _unsent.Remove(id);
        _shared.UnionWith(batch.Shared ?? []);
        _queued.UnionWith(batch.Queued ?? []);
    }

    private void Decide(HistoryEvent decided)
    {
        switch (decided)
        {
            case EventSent sent:
                _unsent.Add(sent.Id, sent);
                break;
            case Call call:
                _open.Add(call.Id, call);
                if (call is SubOrchestrationScheduled child)
                    Children.Add(child.InstanceId);
                break;
            case CustomStatusSet set:
                CustomStatus = set.Status;
                break;
            case ContinuedAsNew next:
                Next = next;
                break;
            case ExecutionCompleted completed:
                Status = completed.Status;
                Output = completed.Result;
                Failure = completed.Failure;
                break;
            default:
                break;
        }
    }

    private bool See(string messageId)
    {
        if (!_seen.Add(messageId))
            return false;
        _seenInOrder.Add(messageId);
        return true;
    }

    private bool Suspend(bool suspended)
    {
        if (_suspended == suspended)
            return false;
        _suspended = suspended;
        Status = suspended ? OrchestrationRuntimeStatus.Suspended : OrchestrationRuntimeStatus.Running;
        return true;
    }
}
