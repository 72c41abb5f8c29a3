using LznPipeline.Activities.Edge;
using Microsoft.DurableTask;

namespace LznPipeline.Orchestrations.Workflows;

/// <summary>How often orchestrations try again what failed.</summary>
internal static class Retry
{
    /// <summary>For activities, which are short and idempotent: storage may be away for a few minutes. What failed for good is not tried again.</summary>
    internal static TaskOptions Storage { get; } = TaskOptions.FromRetryPolicy(
        new RetryPolicy(maxNumberOfAttempts: 8, firstRetryInterval: TimeSpan.FromSeconds(1), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromMinutes(1))
        {
            HandleFailure = failure => !failure.IsCausedBy<PermanentFailureException>(),
        });
}
