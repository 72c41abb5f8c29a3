using Microsoft.Azure.Functions.Worker;

namespace LocalHost.SampleApp;

internal sealed class Timers(Notes notes)
{
    private const string OnceAYear = "0 0 0 1 1 *";

    [Function(nameof(Tick))]
    public Task Tick([TimerTrigger("%SampleSchedule%")] TimerInfo timer) =>
        notes.WriteAsync("tick", $"{Environment.ProcessId} {(timer.IsPastDue ? "late" : "in time")}");

    [Function(nameof(AtStart))]
    public Task AtStart([TimerTrigger(OnceAYear, RunOnStartup = true)] TimerInfo timer) =>
        notes.WriteAsync("start", $"{Environment.ProcessId} {timer.IsPastDue}");
}
