using System.Globalization;

namespace Lzn.Functions.Timers;

/// <summary>When a timer fires.</summary>
internal abstract class TimerSchedule
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>The first occurrence after the given instant.</summary>
    public abstract DateTimeOffset Next(DateTimeOffset after);

    /// <param name="text">Six fields of NCRONTAB, or five for second 0, or a TimeSpan such as <c>00:30:00</c>.</param>
    /// <param name="zone">The wall clock that the fields mean.</param>
    /// <exception cref="FormatException">Neither.</exception>
    public static TimerSchedule Parse(string text, TimeZoneInfo zone)
    {
        if (text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var interval))
            return interval > TimeSpan.Zero ? new IntervalSchedule(interval) : throw new FormatException("an interval is longer than zero");
        return new CronSchedule(text, zone);
    }

    /// <summary>True when, in the occurrences just ahead, two are less than a minute apart; keeping their status would cost more than it gives.</summary>
    public bool IsMoreOftenThanEachMinute(DateTimeOffset now)
    {
        var occurrence = Next(now);
        for (var i = 0; i < 5; i++)
        {
            var next = Next(occurrence);
            if (next - occurrence < Minute)
                return true;
            occurrence = next;
        }

        return false;
    }
}

/// <summary>Fires at equal distances.</summary>
internal sealed class IntervalSchedule(TimeSpan interval) : TimerSchedule
{
    public override DateTimeOffset Next(DateTimeOffset after) => after + interval;
}
