namespace Microsoft.Azure.Functions.Worker;

/// <summary>Retries after a pause that doubles from the minimum up to the maximum.</summary>
public sealed class ExponentialBackoffRetryAttribute : RetryAttribute
{
    private readonly TimeSpan _minimum;
    private readonly TimeSpan _maximum;

    public ExponentialBackoffRetryAttribute(int maxRetryCount, string minimumInterval, string maximumInterval)
    {
        _minimum = ParseInterval(minimumInterval, nameof(minimumInterval));
        _maximum = ParseInterval(maximumInterval, nameof(maximumInterval));
        if (_minimum > _maximum)
            throw new ArgumentException($"The minimum interval {minimumInterval} is greater than the maximum interval {maximumInterval}.", nameof(minimumInterval));
        MaxRetryCount = maxRetryCount;
        MinimumInterval = minimumInterval;
        MaximumInterval = maximumInterval;
    }

    public string MinimumInterval { get; }

    public string MaximumInterval { get; }

    internal override TimeSpan DelayBefore(int retry)
    {
        var ticks = _minimum.Ticks * Math.Pow(2, retry - 1);
        return ticks >= _maximum.Ticks ? _maximum : TimeSpan.FromTicks((long)ticks);
    }
}
