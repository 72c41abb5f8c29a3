namespace Microsoft.Azure.Functions.Worker;

/// <summary>Retries a failed invocation in place. Only triggers without a caller who waits (timers) support it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class RetryAttribute : Attribute
{
    /// <summary>Attempts after the first one; -1 retries without end.</summary>
    public int MaxRetryCount { get; set; }

    /// <summary>Pause before retry number <paramref name="retry"/>, counted from 1.</summary>
    internal abstract TimeSpan DelayBefore(int retry);

    private protected static TimeSpan ParseInterval(string text, string parameter)
    {
        if (!TimeSpan.TryParse(text, out var interval) || interval < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(parameter, text, "A retry interval is a TimeSpan that is not negative, such as 00:00:10.");
        return interval;
    }
}
