namespace Microsoft.Azure.Functions.Worker;

/// <summary>Which attempt of a function with a retry attribute this invocation is.</summary>
public abstract class RetryContext
{
    /// <summary>0 for the first attempt.</summary>
    public abstract int RetryCount { get; }

    public abstract int MaxRetryCount { get; }
}
