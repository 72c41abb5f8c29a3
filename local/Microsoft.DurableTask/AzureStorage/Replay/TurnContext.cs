namespace Lzn.Durable.Replay;

/// <summary>
/// Where orchestrator code runs: one thread at a time, only within a turn. A continuation that comes from outside is one of a task that is not
/// durable; it is dropped and noted, because history could not repeat it.
/// </summary>
internal sealed class TurnContext(Action<string> onForeign) : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> _ready = [];
    private int _thread;

    public bool IsCurrent => Environment.CurrentManagedThreadId == Volatile.Read(ref _thread);

    /// <summary>Runs the work and everything it makes ready.</summary>
    public void Run(Action work)
    {
        var previous = Current;
        SetSynchronizationContext(this);
        Volatile.Write(ref _thread, Environment.CurrentManagedThreadId);
        try
        {
            work();
            while (_ready.TryDequeue(out var next))
                next.Callback(next.State);
        }
        finally
        {
            Volatile.Write(ref _thread, 0);
            SetSynchronizationContext(previous);
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsCurrent)
            _ready.Enqueue((d, state));
        else
            onForeign("it awaited a task that does not come from its context (for example Task.Delay, Task.Run or I/O)");
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        if (IsCurrent)
            d(state);
        else
            onForeign("another thread called into it");
    }
}
