using Lzn.Functions.Catalog;
using Lzn.Functions.Configuration;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;

namespace Lzn.Functions.Timers;

/// <summary>The schedules of all timer functions.</summary>
internal static class TimerTable
{
    public static IReadOnlyList<TimerFunction> Build(FunctionCatalog functions, IConfiguration app, ICollection<string> problems)
    {
        var zone = Zone(app, problems);
        var timers = new List<TimerFunction>();
        foreach (var (function, trigger) in functions.StartedBy<TimerTriggerAttribute>())
        {
            if (AppSetting.Resolve(app, trigger.Schedule, $"Function '{function.Name}': the schedule", problems) is not { } text)
                continue;
            try
            {
                var schedule = TimerSchedule.Parse(text, zone);
                var monitored = trigger.UseMonitor && !schedule.IsMoreOftenThanEachMinute(DateTimeOffset.UtcNow);
                timers.Add(new(function, schedule, monitored, trigger.RunOnStartup));
            }
            catch (FormatException exception)
            {
                problems.Add($"Function '{function.Name}': schedule '{text}' is wrong: {exception.Message}. Allowed: six fields such as '0 30 2 * * *' (02:30:00 each day), or a TimeSpan such as '00:30:00'.");
            }
        }

        return timers;
    }

    private static TimeZoneInfo Zone(IConfiguration app, ICollection<string> problems)
    {
        if (app["WEBSITE_TIME_ZONE"] is not { Length: > 0 } id)
            return TimeZoneInfo.Utc;
        if (TimeZones.Find(id) is { } zone)
            return zone;
        problems.Add($"WEBSITE_TIME_ZONE is '{id}', which this machine does not know. Allowed: an IANA name such as 'Europe/Berlin' (package tzdata), or a Windows name such as 'W. Europe Standard Time'.");
        return TimeZoneInfo.Utc;
    }
}
