using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Runs the function on a schedule, on one host at a time and never twice at once.</summary>
/// <param name="schedule">
/// Six fields <c>{second} {minute} {hour} {day} {month} {day-of-week}</c>, a TimeSpan such as <c>00:30:00</c>, or <c>%Setting%</c> naming an app setting that holds one.
/// </param>
public sealed class TimerTriggerAttribute(string schedule) : TriggerBindingAttribute
{
    public string Schedule { get; } = schedule;

    /// <summary>Keeps the schedule's status in storage, so that an occurrence missed while no host ran is caught up once.</summary>
    public bool UseMonitor { get; set; } = true;

    /// <summary>Also runs once at each start of a host.</summary>
    public bool RunOnStartup { get; set; }
}
