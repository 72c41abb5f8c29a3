namespace Microsoft.Azure.Functions.Worker.Tests.Sample;

internal sealed class TimerSamples(Journal journal, ScopedService scoped)
{
    [Function("Rare")]
    public void Rare([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer) =>
        journal.Write($"rare past due {timer.IsPastDue} monitored {timer.ScheduleStatus is not null} scope {scoped.Id != Guid.Empty}");
}
