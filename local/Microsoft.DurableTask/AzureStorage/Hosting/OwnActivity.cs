using Lzn.Durable.Storage;

namespace Lzn.Durable.Hosting;

/// <summary>An activity of an instance that this host has: it waits for a place, runs, and is over. Meanwhile it may be taken back, or lent to the queue.</summary>
internal sealed class OwnActivity(string instanceId)
{
    private readonly Lock _lock = new();
    private volatile Stage _stage = Stage.Waiting;
    private HeldMessage? _lent;

    private enum Stage
    {
        Waiting,
        Running,
        Over,
    }

    public string InstanceId => instanceId;

    /// <summary>Ends when its end is safe.</summary>
    public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsWaiting => _stage == Stage.Waiting;

    public bool IsRunning => _stage == Stage.Running;

    public bool IsOver => _stage == Stage.Over;

    /// <returns>False when it has been withdrawn.</returns>
    public bool TryBegin() => TryMove(Stage.Waiting, Stage.Running);

    /// <returns>False when it has begun.</returns>
    public bool TryWithdraw() => TryMove(Stage.Waiting, Stage.Over);

    /// <summary>From here on its message goes with its end.</summary>
    /// <returns>False when it does not run, or not any more.</returns>
    public bool TryLend(HeldMessage message)
    {
        lock (_lock)
        {
            if (_stage != Stage.Running || _lent is not null)
                return false;
            _lent = message;
            return true;
        }
    }

    /// <summary>Takes note that the code has ended.</summary>
    /// <returns>The message to delete when the end is safe, if it was lent.</returns>
    public HeldMessage? End()
    {
        lock (_lock)
        {
            _stage = Stage.Over;
            return _lent;
        }
    }

    private bool TryMove(Stage from, Stage to)
    {
        lock (_lock)
        {
            if (_stage != from)
                return false;
            _stage = to;
            return true;
        }
    }
}
