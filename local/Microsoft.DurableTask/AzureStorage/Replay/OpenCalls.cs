using Lzn.Durable.History;
using Microsoft.DurableTask;

namespace Lzn.Durable.Replay;

/// <summary>The calls that orchestrator code makes: it numbers them, collects them for the turn's batch, and completes their tasks when their ends arrive.</summary>
internal sealed class OpenCalls(DataConverter converter)
{
    private readonly Dictionary<int, IOpenCall> _tasks = [];
    private readonly Dictionary<int, TaskCompletionSource> _timers = [];
    private List<HistoryEvent> _decided = [];
    private int _nextId;

    private interface IOpenCall
    {
        void Complete(string? result);

        void Fail(TaskFailureDetails failure);
    }

    /// <summary>An activity or sub-orchestration has not ended. The instance does not end before them.</summary>
    public bool HasTasks => _tasks.Count > 0;

    public bool HasTimers => _timers.Count > 0;

    public int NextId() => _nextId++;

    public void Decide(HistoryEvent decision) => _decided.Add(decision);

    public List<HistoryEvent> TakeDecisions()
    {
        var taken = _decided;
        _decided = [];
        return taken;
    }

    public Task<T> CallTask<T>(string name, Call call)
    {
        var open = new OpenTask<T>(name, call.Id, converter);
        _tasks.Add(call.Id, open);
        Decide(call);
        return open.Task;
    }

    public Task StartTimer(TimerCreated timer, CancellationToken cancellation)
    {
        var source = new TaskCompletionSource();
        _timers.Add(timer.Id, source);
        Decide(timer);
        if (cancellation.CanBeCanceled)
        {
            cancellation.Register(() =>
            {
                _timers.Remove(timer.Id);
                source.TrySetCanceled(cancellation);
            });
        }

        return source.Task;
    }

    public void Complete(TaskCompleted completed)
    {
        if (_tasks.Remove(completed.Id, out var call))
            call.Complete(completed.Result?.Text);
    }

    public void Fail(TaskFailed failed)
    {
        if (_tasks.Remove(failed.Id, out var call))
            call.Fail(failed.Failure);
    }

    public void Fire(TimerFired fired)
    {
        if (_timers.Remove(fired.Id, out var timer))
            timer.TrySetResult();
    }

    private sealed class OpenTask<T>(string name, int id, DataConverter converter) : IOpenCall
    {
        private readonly TaskCompletionSource<T> _source = new();

        public Task<T> Task => _source.Task;

        public void Complete(string? result) => _source.SetConverted(converter, result);

        public void Fail(TaskFailureDetails failure) => _source.TrySetException(new TaskFailedException(name, id, failure));
    }
}
