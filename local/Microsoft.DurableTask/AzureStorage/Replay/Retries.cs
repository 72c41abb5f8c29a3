using Microsoft.DurableTask;

namespace Lzn.Durable.Replay;

/// <summary>Makes a failing call again as policy or handler say. All waiting is by durable timers, so a replay takes the same way.</summary>
internal sealed class Retries(TaskOrchestrationContext context)
{
    private static readonly TimeSpan HandlerFirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan HandlerLongestDelay = TimeSpan.FromMinutes(1);

    public async Task<T> RunAsync<T>(TaskRetryOptions options, Func<Task<T>> call)
    {
        var firstAttempt = context.CurrentUtcDateTime;
        for (var attempt = 1; ; attempt++)
        {
            TaskFailedException failed;
            try
            {
                return await call().ConfigureAwait(true); // orchestrator code never leaves its context
            }
            catch (TaskFailedException exception) when (!NotFound.Is(exception.FailureDetails))
            {
                failed = exception;
            }

            var again = options.Policy is { } policy
                ? await PolicyAllowsAsync(policy, failed, attempt, firstAttempt).ConfigureAwait(true)
                : await HandlerAllowsAsync(options.Handler!, failed, attempt, firstAttempt).ConfigureAwait(true); // one of the two is set
            if (!again)
                throw failed;
        }
    }

    private async Task<bool> PolicyAllowsAsync(RetryPolicy policy, TaskFailedException failed, int attempt, DateTime firstAttempt)
    {
        if (attempt >= policy.MaxNumberOfAttempts || !Handles(policy, failed))
            return false;
        if (policy.RetryTimeout != Timeout.InfiniteTimeSpan && context.CurrentUtcDateTime - firstAttempt >= policy.RetryTimeout)
            return false;
        var longest = policy.MaxRetryInterval == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : policy.MaxRetryInterval;
        await WaitAsync(Backoff(policy.FirstRetryInterval, policy.BackoffCoefficient, attempt, longest)).ConfigureAwait(true);
        return true;
    }

    /// <summary>A handler that does not wait itself is given a growing delay: a tight loop of failing calls is never what its author meant.</summary>
    private async Task<bool> HandlerAllowsAsync(AsyncRetryHandler handler, TaskFailedException failed, int attempt, DateTime firstAttempt)
    {
        var failedAt = context.CurrentUtcDateTime;
        var retry = new RetryContext(context, attempt, failed.FailureDetails, failedAt - firstAttempt, CancellationToken.None);
        if (!await handler(retry).ConfigureAwait(true))
            return false;
        if (context.CurrentUtcDateTime == failedAt)
            await WaitAsync(Backoff(HandlerFirstDelay, 2, attempt, HandlerLongestDelay)).ConfigureAwait(true);
        return true;
    }

    private Task WaitAsync(TimeSpan delay) => context.CreateTimer(delay, CancellationToken.None);

    private static TimeSpan Backoff(TimeSpan first, double coefficient, int attempt, TimeSpan longest)
    {
        var delay = first.TotalSeconds * Math.Pow(coefficient, attempt - 1);
        return delay < longest.TotalSeconds ? TimeSpan.FromSeconds(delay) : longest;
    }

    private static bool Handles(RetryPolicy policy, TaskFailedException failed)
    {
        try
        {
            return policy.Handle(failed);
        }
        catch (Exception)
        {
            return false; // as in the package: a filter that throws does not allow another attempt
        }
    }
}
