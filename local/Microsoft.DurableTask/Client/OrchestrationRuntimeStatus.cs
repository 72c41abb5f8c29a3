namespace Microsoft.DurableTask.Client;

public enum OrchestrationRuntimeStatus
{
    Running,

    Completed,

    [Obsolete("An instance that continues as new is shown as Running.")]
    ContinuedAsNew,

    Failed,

    [Obsolete("Nothing sets this status.")]
    Canceled,

    Terminated,

    /// <summary>Created, but not yet begun.</summary>
    Pending,

    Suspended,
}
