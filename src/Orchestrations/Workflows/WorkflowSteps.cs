using LznPipeline.Activities.Edge;
using LznPipeline.Activities.Jobs;
using LznPipeline.Shared.Jobs;
using Microsoft.DurableTask;

namespace LznPipeline.Orchestrations.Workflows;

/// <summary>The words in which workflows are written.</summary>
internal static class WorkflowSteps
{
    /// <summary>Does a step of a run: shows it as the run's stage, and names it when it fails.</summary>
    internal static async Task<T> StepAsync<T>(this TaskOrchestrationContext context, string step, Func<Task<T>> work)
    {
        context.SetCustomStatus(step);
        try
        {
            return await work();
        }
        catch (TaskFailedException failed)
        {
            throw new RunFailedException(step, failed);
        }
    }

    /// <inheritdoc cref="StepAsync{T}"/>
    internal static Task StepAsync(this TaskOrchestrationContext context, string step, Func<Task> work) => context.StepAsync<object?>(step, async () =>
    {
        await work();
        return null;
    });

    /// <summary>Runs a GPU job to its end, in a sub-orchestration whose history stays short however long the job takes.</summary>
    internal static Task<FinishedJob> RunJobAsync(this TaskOrchestrationContext context, JobRef job)
    {
        // The same run may be started anew while children of its last execution are still on their way out, hence an id of their own.
        var id = $"{ChildPrefix(context.InstanceId)}{job.Step}.{context.NewGuid().ToString("N")[..8]}";
        return context.CallSubOrchestratorAsync<FinishedJob>(nameof(RunGpuJob), new GpuJobWatch(job), new SubOrchestrationOptions(instanceId: id));
    }

    internal static string ChildPrefix(string runId) => runId + ".";
}

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
