namespace Lzn.Durable.Hosting;

/// <summary>How many activities run at a time on this host: of all together, and of single names.</summary>
/// <param name="perName">Limits below the total, by activity name.</param>
internal sealed class ActivitySlots(int total, IReadOnlyDictionary<string, int> perName)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _limits = new(perName, StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, int> _takenByName = new(StringComparer.OrdinalIgnoreCase);
    private readonly LinkedList<(string Name, TaskCompletionSource Place)> _waiting = [];
    private TaskCompletionSource? _freed;
    private int _taken;

    /// <summary>How many more could begin now; none while others wait.</summary>
    public int Free
    {
        get
        {
            lock (_lock)
                return _waiting.Count > 0 ? 0 : total - _taken;
        }
    }

    /// <summary>How many more of one name could begin now.</summary>
    public int FreeFor(string name)
    {
        lock (_lock)
            return Math.Min(_waiting.Count > 0 ? 0 : total - _taken, _limits.TryGetValue(name, out var limit) ? limit - _takenByName.GetValueOrDefault(name) : int.MaxValue);
    }

    /// <summary>Ends when something may be free.</summary>
    public Task WhenFreeAsync(CancellationToken stop)
    {
        lock (_lock)
        {
            if (_waiting.Count == 0 && _taken < total)
                return Task.CompletedTask;
            _freed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _freed.Task.WaitAsync(stop);
        }
    }

    public bool TryTake(string name)
    {
        lock (_lock)
            return TryTakeLocked(name);
    }

    /// <summary>Waits for a place. The oldest of those that may begin is first.</summary>
    public async Task TakeAsync(string name, CancellationToken stop)
    {
        LinkedListNode<(string Name, TaskCompletionSource Place)> waiting;
        lock (_lock)
        {
            if (TryTakeLocked(name))
                return;
            waiting = _waiting.AddLast((name, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));
        }

        var cancellation = stop.UnsafeRegister(_ => GiveUp(waiting, stop), state: null);
        await using var end = cancellation.ConfigureAwait(false);
        await waiting.Value.Place.Task.ConfigureAwait(false);
    }

    public void Release(string name)
    {
        lock (_lock)
        {
            _taken--;
            if (_limits.ContainsKey(name))
                _takenByName[name]--;
            for (var next = _waiting.First; next is not null && _taken < total;)
            {
                var (current, after) = (next, next.Next);
                if (TryTakeLocked(current.Value.Name))
                {
                    _waiting.Remove(current);
                    current.Value.Place.SetResult();
                }

                next = after;
            }

            if (_waiting.Count > 0 || _taken >= total)
                return;
            _freed?.SetResult();
            _freed = null;
        }
    }

    private bool TryTakeLocked(string name)
    {
        if (_taken >= total)
            return false;
        if (_limits.TryGetValue(name, out var limit))
        {
            var taken = _takenByName.GetValueOrDefault(name);
            if (taken >= limit)
                return false;
            _takenByName[name] = taken + 1;
        }

        _taken++;
        return true;
    }

    private void GiveUp(LinkedListNode<(string Name, TaskCompletionSource Place)> waiting, CancellationToken stop)
    {
        lock (_lock)
        {
            if (waiting.List is null)
                return; // it has its place
            _waiting.Remove(waiting);
            waiting.Value.Place.SetCanceled(stop);
        }
    }
}
