namespace Microsoft.Azure.Functions.Worker;

/// <summary>Occurrences of a monitored schedule, in UTC.</summary>
public class ScheduleStatus
{
    /// <summary>The last occurrence that ran; default when none did.</summary>
    public DateTime Last { get; set; }

    public DateTime Next { get; set; }

    public DateTime LastUpdated { get; set; }
}
