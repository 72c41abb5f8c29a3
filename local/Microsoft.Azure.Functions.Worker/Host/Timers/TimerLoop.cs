using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Lzn.Functions.Timers;

/// <summary>Fires one timer function, occurrence after occurrence, while this host holds the timers.</summary>
internal sealed class TimerLoop(TimerFunction timer, TimerInvoker invoker, TimerStatusStore store, TimeProvider clock, ILogger log)
{
    // Long waits are cut, so that a clock that is set or a machine that slept is noticed.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    /// <summary>Runs until stopped or until storage fails.</summary>
    /// <param name="atStart">True at the first round of this host: the time of RunOnStartup.</param>
    /// <param name="stop">Ends the waiting.</param>
    /// <param name="work">Ends a function that runs, and what is written down of it.</param>
    public async Task RunAsync(bool atStart, CancellationToken stop, CancellationToken work)
    {
        var status = await FirstStatusAsync(stop).ConfigureAwait(false);
        if (status.Next <= clock.GetUtcNow().UtcDateTime)
        {
            log.TimerPastDue(timer.Name, status.Next);
            Telemetry.MissedTimer(timer.Name);
            status = await FireAsync(status, isPastDue: true, stop, work).ConfigureAwait(false);
        }
        else if (atStart && timer.RunOnStartup)
        {
            await invoker.RunAsync(timer, Info(status, isPastDue: false), stop, work).ConfigureAwait(false);
        }

        while (!stop.IsCancellationRequested)
        {
            log.TimerNext(timer.Name, status.Next);
            await WaitUntilAsync(status.Next, stop).ConfigureAwait(false);
            status = await FireAsync(status, isPastDue: false, stop, work).ConfigureAwait(false);
        }
    }

    private async Task<ScheduleStatus> FirstStatusAsync(CancellationToken stop)
    {
        if (timer.Monitored && await store.ReadAsync(timer.Name, stop).ConfigureAwait(false) is { } stored)
        {
            // What the stored run would have led to under today's schedule; another answer means that the schedule was changed since.
            var expected = After(stored.Last == default ? stored.LastUpdated : stored.Last);
            if (expected == stored.Next)
                return stored;
        }

        var now = clock.GetUtcNow().UtcDateTime;
        return await KeepAsync(new ScheduleStatus { Next = After(now), LastUpdated = now }, stop).ConfigureAwait(false);
    }

    private async Task<ScheduleStatus> FireAsync(ScheduleStatus status, bool isPastDue, CancellationToken stop, CancellationToken work)
    {
        var fired = clock.GetUtcNow().UtcDateTime;
        await invoker.RunAsync(timer, Info(status, isPastDue), stop, work).ConfigureAwait(false);

        // Occurrences that passed while the function ran are left out, as they are not missed: the function was at work.
        var ended = clock.GetUtcNow().UtcDateTime;
        var last = fired;
        for (var next = After(last); next <= ended; next = After(last))
            last = next;
        return await KeepAsync(new ScheduleStatus { Last = last, Next = After(last), LastUpdated = ended }, work).ConfigureAwait(false);
    }

    private async Task<ScheduleStatus> KeepAsync(ScheduleStatus status, CancellationToken stop)
    {
        if (timer.Monitored)
            await store.WriteAsync(timer.Name, status, stop).ConfigureAwait(false);
        return status;
    }

    private async Task WaitUntilAsync(DateTime due, CancellationToken stop)
    {
        for (var left = due - clock.GetUtcNow().UtcDateTime; left > TimeSpan.Zero; left = due - clock.GetUtcNow().UtcDateTime)
            await Task.Delay(left < LongestWait ? left + TimeSpan.FromMilliseconds(1) : LongestWait, clock, stop).ConfigureAwait(false);
    }

    private DateTime After(DateTime utc) => timer.Schedule.Next(new DateTimeOffset(DateTime.SpecifyKind(utc, DateTimeKind.Utc))).UtcDateTime;

    private TimerInfo Info(ScheduleStatus status, bool isPastDue) => new() { IsPastDue = isPastDue, ScheduleStatus = timer.Monitored ? status : null };
}
