using Lzn.Durable.History;
using Microsoft.DurableTask;

namespace Lzn.Durable.Replay;

/// <summary>Events that arrived and calls that wait for them, by name without regard to case. Events are kept in order; the newest waiter is served first.</summary>
internal sealed class ExternalEvents(DataConverter converter)
{
    private readonly Dictionary<string, List<EventRaised>> _buffered = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, LinkedList<IWaiter>> _waiters = new(StringComparer.OrdinalIgnoreCase);

    private interface IWaiter
    {
        Type Type { get; }

        void Complete(string? input);
    }

    /// <summary>Whether anything waits, so that the orchestration can be woken from outside.</summary>
    public bool IsAwaited => _waiters.Values.Any(waiters => waiters.Count > 0);

    public void Raise(EventRaised raised)
    {
        if (_waiters.TryGetValue(raised.Name, out var waiters) && waiters.Last is { } newest)
        {
            waiters.RemoveLast();
            newest.Value.Complete(raised.Input?.Text);
        }
        else
        {
            if (!_buffered.TryGetValue(raised.Name, out var events))
                _buffered.Add(raised.Name, events = []);
            events.Add(raised);
        }
    }

    public Task<T> Wait<T>(string name, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (cancellation.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellation);

        var waiter = new Waiter<T>(converter);
        if (_buffered.TryGetValue(name, out var events) && events.Count > 0)
        {
            var oldest = events[0];
            events.RemoveAt(0);
            waiter.Complete(oldest.Input?.Text);
            return waiter.Task;
        }

        Enlist(name, waiter, cancellation);
        return waiter.Task;
    }

    /// <summary>Takes out what arrived and was not waited for, oldest first.</summary>
    public IReadOnlyList<EventRaised> TakeBuffered()
    {
        var all = _buffered.Values.SelectMany(events => events).ToList();
        _buffered.Clear();
        return all;
    }

    private void Enlist<T>(string name, Waiter<T> waiter, CancellationToken cancellation)
    {
        if (!_waiters.TryGetValue(name, out var waiters))
            _waiters.Add(name, waiters = new LinkedList<IWaiter>());
        if (waiters.Last is { Value.Type: var other } && other != typeof(T))
            throw new ArgumentException($"Event '{name}' is already waited for as {other}; all who wait for one event must ask for the same type, not {typeof(T)}.", nameof(name));
        var place = waiters.AddLast(waiter);
        if (!cancellation.CanBeCanceled)
            return;
        cancellation.Register(() =>
        {
            if (place.List is not null) // a waiter that gave up must not take the next event with it
                waiters.Remove(place);
            waiter.Cancel(cancellation);
        });
    }

    private sealed class Waiter<T>(DataConverter converter) : IWaiter
    {
        private readonly TaskCompletionSource<T> _source = new();

        public Task<T> Task => _source.Task;

        public Type Type => typeof(T);

        public void Complete(string? input) => _source.SetConverted(converter, input);

        public void Cancel(CancellationToken cancellation) => _source.TrySetCanceled(cancellation);
    }
}
