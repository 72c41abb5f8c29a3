namespace Microsoft.Azure.Functions.Worker;

/// <summary>What a timer function learns about its own schedule.</summary>
public class TimerInfo
{
    /// <summary>Null when the schedule is not monitored.</summary>
    public ScheduleStatus? ScheduleStatus { get; set; }

    /// <summary>True when the run catches up an occurrence that was missed.</summary>
    public bool IsPastDue { get; set; }
}
