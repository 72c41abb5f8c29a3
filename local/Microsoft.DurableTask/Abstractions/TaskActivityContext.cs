namespace Microsoft.DurableTask;

public abstract class TaskActivityContext
{
    public abstract TaskName Name { get; }

    /// <summary>The orchestration instance that called the activity.</summary>
    public abstract string InstanceId { get; }

    public virtual string Version => "";
}
