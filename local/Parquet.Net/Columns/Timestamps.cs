using Parquet.Schema;

namespace Parquet.Columns;

/// <summary>Dates and times as the counts that files hold. What is finer than the unit is cut off, towards the past.</summary>
internal static class Timestamps
{
    private const int UnixEpochAsJulianDay = 2440588;
    private static readonly long EpochTicks = DateTime.UnixEpoch.Ticks;

    internal static long ToCount(DateTime time, DateTimeTimeUnit unit) => unit switch
    {
        DateTimeTimeUnit.Millis => FloorDivide(time.Ticks - EpochTicks, TimeSpan.TicksPerMillisecond),
        DateTimeTimeUnit.Micros => FloorDivide(time.Ticks - EpochTicks, TimeSpan.TicksPerMicrosecond),
        _ => time.Ticks - EpochTicks is var ticks && Math.Abs(ticks) <= long.MaxValue / TimeSpan.NanosecondsPerTick
            ? ticks * TimeSpan.NanosecondsPerTick
            : throw new ArgumentException($"{time:O} does not fit a timestamp of nanoseconds, which reaches from 1677 to 2262. Use micros.", nameof(time)),
    };

    internal static DateTime FromCount(long count, DateTimeTimeUnit unit, DateTimeKind kind) => unit switch
    {
        DateTimeTimeUnit.Millis => FromTicks(count, TimeSpan.TicksPerMillisecond, kind),
        DateTimeTimeUnit.Micros => FromTicks(count, TimeSpan.TicksPerMicrosecond, kind),
        _ => FromTicks(FloorDivide(count, TimeSpan.NanosecondsPerTick), 1, kind),
    };

    internal static int ToDays(DateTime date) => (int)FloorDivide(date.Ticks - EpochTicks, TimeSpan.TicksPerDay);

    internal static DateTime FromDays(int days) => FromTicks(days, TimeSpan.TicksPerDay, DateTimeKind.Utc);

    internal static Int96 ToInt96(DateTime time) => new(time.TimeOfDay.Ticks * TimeSpan.NanosecondsPerTick, UnixEpochAsJulianDay + ToDays(time));

    internal static DateTime FromInt96(Int96 stored) =>
        FromTicks(stored.JulianDay - (long)UnixEpochAsJulianDay, TimeSpan.TicksPerDay, DateTimeKind.Unspecified, stored.Nanoseconds / TimeSpan.NanosecondsPerTick);

    private static DateTime FromTicks(long count, long ticksEach, DateTimeKind kind, long more = 0)
    {
        var ticks = (Int128)count * ticksEach + EpochTicks + more;
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks
            ? new DateTime((long)ticks, kind)
            : throw new ParquetException($"A date lies {count} units of {ticksEach * 100L} ns from 1970, outside the years 1 to 9999 that {nameof(DateTime)} holds.");
    }

    private static long FloorDivide(long value, long by) => value >= 0 ? value / by : (value - by + 1) / by;
}
