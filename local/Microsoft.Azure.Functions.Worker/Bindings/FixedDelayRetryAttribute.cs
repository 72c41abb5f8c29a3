namespace Microsoft.Azure.Functions.Worker;

/// <summary>Retries after the same pause each time.</summary>
public sealed class FixedDelayRetryAttribute : RetryAttribute
{
    private readonly TimeSpan _delay;

    public FixedDelayRetryAttribute(int maxRetryCount, string delayInterval)
    {
        _delay = ParseInterval(delayInterval, nameof(delayInterval));
        MaxRetryCount = maxRetryCount;
        DelayInterval = delayInterval;
    }

    public string DelayInterval { get; }

    internal override TimeSpan DelayBefore(int retry) => _delay;
}
