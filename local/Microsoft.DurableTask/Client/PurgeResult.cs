namespace Microsoft.DurableTask.Client;

public class PurgeResult
{
    public PurgeResult(int count)
        : this(count, isComplete: null)
    {
    }

    public PurgeResult(int count, bool? isComplete)
    {
        if (count < 0)
            throw new ArgumentException($"A number of instances is not negative; {count} was given.", nameof(count));
        PurgedInstanceCount = count;
        IsComplete = isComplete;
    }

    public int PurgedInstanceCount { get; }

    /// <summary>False when a timeout ended the purge before all instances were gone.</summary>
    public bool? IsComplete { get; }
}
