using Lzn.Durable.History;

namespace Lzn.Durable.Hosting;

/// <summary>Wakes an instance when its next timer, or its start, is due.</summary>
internal sealed class InstanceAlarm(TimeProvider clock, Action wake) : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1); // system timers end at 49 days; after a day the instance looks again

    private readonly ITimer _timer = clock.CreateTimer(_ => wake(), state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    public void Set(InstanceState state, DateTimeOffset? startAt)
    {
        var due = state.Started is null ? startAt : null;
        foreach (var timer in state.OpenCalls.OfType<TimerCreated>())
        {
            var fireAt = new DateTimeOffset(timer.FireAt, TimeSpan.Zero);
            due = due < fireAt ? due : fireAt;
        }

        if (due is not { } at)
            return;
        var pause = at - clock.GetUtcNow();
        _timer.Change(pause < TimeSpan.Zero ? TimeSpan.Zero : pause < Longest ? pause : Longest, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();
}
