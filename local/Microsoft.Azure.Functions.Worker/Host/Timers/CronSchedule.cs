using NCrontab;

namespace Lzn.Functions.Timers;

/// <summary>
/// Six fields, or five without seconds, on a zone's wall clock. When clocks are set, a schedule that names hours fires once a day all the same, at the end of the hour
/// that is skipped and in the first of the two that are alike; one that runs through the hours keeps its distances.
/// </summary>
internal sealed class CronSchedule : TimerSchedule
{
    private readonly CrontabSchedule _fields;
    private readonly TimeZoneInfo _zone;
    private readonly bool _runsThroughHours;

    /// <exception cref="FormatException">The text is not NCRONTAB.</exception>
    public CronSchedule(string text, TimeZoneInfo zone)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (parts.Length is not (5 or 6))
            throw new FormatException($"it has {parts.Length} fields, not 6: {{second}} {{minute}} {{hour}} {{day}} {{month}} {{day-of-week}}, of which the first may be left out");
        _fields = CrontabSchedule.TryParse(string.Join(' ', parts), new CrontabSchedule.ParseOptions { IncludingSeconds = parts.Length == 6 })
            ?? throw new FormatException("a field is out of range or not understood");
        if (_fields.GetNextOccurrence(new DateTime(2000, 1, 1), DateTime.MaxValue) == DateTime.MaxValue)
            throw new FormatException("no day ever fits it");
        _zone = zone;
        _runsThroughHours = parts[..^3].Any(part => part.AsSpan().ContainsAny('*', '-', '/'));
    }

    public override DateTimeOffset Next(DateTimeOffset after) => _runsThroughHours ? NextThroughHours(after) : NextAtHours(after);

    // Counts in the offset that holds at the time; where it changes, starts again from the change.
    private DateTimeOffset NextThroughHours(DateTimeOffset after)
    {
        var from = after;
        while (true)
        {
            var offset = _zone.GetUtcOffset(from);
            var candidate = new DateTimeOffset(_fields.GetNextOccurrence(from.ToOffset(offset).DateTime), offset);
            var change = FirstChange(from, candidate);
            if (change is null)
                return candidate.ToUniversalTime();
            if (Occurs(change.Value, after))
                return change.Value;
            from = change.Value;
        }
    }

    private bool Occurs(DateTimeOffset instant, DateTimeOffset after)
    {
        var wall = instant.ToOffset(_zone.GetUtcOffset(instant)).DateTime;
        return instant > after && _fields.GetNextOccurrence(wall.AddTicks(-1)) == wall;
    }

    private DateTimeOffset NextAtHours(DateTimeOffset after)
    {
        var wall = after.ToOffset(_zone.GetUtcOffset(after)).DateTime;
        while (true)
        {
            wall = _fields.GetNextOccurrence(wall);
            var instant = FirstInstantAt(wall);
            if (instant > after)
                return instant;
        }
    }

    private DateTimeOffset FirstInstantAt(DateTime wall)
    {
        if (_zone.IsInvalidTime(wall))
        {
            var before = new DateTimeOffset(wall, _zone.GetUtcOffset(wall.AddDays(-1)));
            return FirstChange(before.AddDays(-1), before.AddDays(1)) ?? before;
        }

        var offset = _zone.IsAmbiguousTime(wall) ? _zone.GetAmbiguousTimeOffsets(wall).Max() : _zone.GetUtcOffset(wall);
        return new DateTimeOffset(wall, offset).ToUniversalTime();
    }

    /// <summary>The first instant in (from, to] with another offset than at its beginning, to the second; null when there is none.</summary>
    private DateTimeOffset? FirstChange(DateTimeOffset from, DateTimeOffset to)
    {
        var offset = _zone.GetUtcOffset(from);
        var (low, high) = (from, from);
        while (high < to && _zone.GetUtcOffset(high) == offset)
            (low, high) = (high, high.AddDays(1) < to ? high.AddDays(1) : to);
        if (_zone.GetUtcOffset(high) == offset)
            return null;
        while (high - low > TimeSpan.FromSeconds(1))
        {
            var middle = low + ((high - low) / 2);
            (low, high) = _zone.GetUtcOffset(middle) == offset ? (middle, high) : (low, middle);
        }

        // Clocks change on whole seconds; the search ends within one of it.
        return new DateTimeOffset(high.UtcTicks - (high.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
    }
}
