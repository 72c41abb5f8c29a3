using System.Globalization;
using Lzn.Functions.Timers;

namespace Microsoft.Azure.Functions.Worker.Tests.Timers;

public sealed class CronScheduleTests
{
    [Theory]
    [InlineData("0 0 2 * * *", "2026-03-10T01:59:59Z", "2026-03-10T02:00:00Z")]
    [InlineData("0 0 2 * * *", "2026-03-10T02:00:00Z", "2026-03-11T02:00:00Z")]
    [InlineData("*/15 * * * * *", "2026-03-10T00:00:16Z", "2026-03-10T00:00:30Z")]
    [InlineData("0 10,20-22 9 * * *", "2026-03-10T09:20:00Z", "2026-03-10T09:21:00Z")]
    [InlineData("0 0 0 * * 0", "2026-03-10T00:00:00Z", "2026-03-15T00:00:00Z")]
    [InlineData("0 0 0 1 jan *", "2026-03-10T00:00:00Z", "2027-01-01T00:00:00Z")]
    [InlineData("0 30 9 * * MON-FRI", "2026-03-13T10:00:00Z", "2026-03-16T09:30:00Z")]
    [InlineData("0 0 0 29 2 *", "2026-03-10T00:00:00Z", "2028-02-29T00:00:00Z")]
    [InlineData("30 9 * * MON-FRI", "2026-03-13T10:00:00Z", "2026-03-16T09:30:00Z")]
    [InlineData("*/5 * * * *", "2026-03-10T00:00:01Z", "2026-03-10T00:05:00Z")]
    [InlineData("00:30:00", "2026-03-10T00:00:16Z", "2026-03-10T00:30:16Z")]
    public void Next_InUtc_IsTheFirstOccurrenceAfter(string text, string after, string expected) =>
        Assert.Equal(At(expected), TimerSchedule.Parse(text, TimeZoneInfo.Utc).Next(At(after)));

    // Berlin: on 2026-03-29 01:00Z clocks go from 02:00 to 03:00, on 2026-10-25 01:00Z from 03:00 back to 02:00.
    [Theory]
    [InlineData("0 30 2 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("0 30 2 * * *", "2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z")]
    [InlineData("0 30 2 * * *", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z")]
    [InlineData("0 30 2 * * *", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z")]
    [InlineData("0 0 * * * *", "2026-03-29T00:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("0 0 * * * *", "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z")]
    [InlineData("0 0 * * * *", "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z")]
    [InlineData("0 */20 2 * * *", "2026-10-25T00:40:00Z", "2026-10-25T01:00:00Z")]
    [InlineData("30 2 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("0 * * * *", "2026-10-25T00:00:00Z", "2026-10-25T01:00:00Z")]
    public void Next_ClocksAreSet_FiresOnceADayAndKeepsItsDistances(string text, string after, string expected) =>
        Assert.Equal(At(expected), TimerSchedule.Parse(text, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin")).Next(At(after)));

    [Theory]
    [InlineData("* * * * * *", true)]
    [InlineData("*/30 * * * * *", true)]
    [InlineData("0,59 * * * * *", true)]
    [InlineData("0 * * * * *", false)]
    [InlineData("00:00:59", true)]
    [InlineData("00:01:00", false)]
    public void IsMoreOftenThanEachMinute_LooksAtTheDistances(string text, bool expected) =>
        Assert.Equal(expected, TimerSchedule.Parse(text, TimeZoneInfo.Utc).IsMoreOftenThanEachMinute(At("2026-03-10T00:00:10Z")));

    [Theory]
    [InlineData("")]
    [InlineData("2 * * *")]
    [InlineData("60 2 * * *")]
    [InlineData("0 0 0 * * * *")]
    [InlineData("0 60 * * * *")]
    [InlineData("0 0 0 * nob *")]
    [InlineData("0 0 0 31 2 *")]
    [InlineData("00:00:00")]
    [InlineData("-00:10:00")]
    public void Parse_NotASchedule_IsRefused(string text) => Assert.Throws<FormatException>(() => TimerSchedule.Parse(text, TimeZoneInfo.Utc));

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
