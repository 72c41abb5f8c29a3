using LznPipeline.Activities.Jobs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace LznPipeline.Orchestrations.Workflows;

/// <summary>Ends what a terminated run left under way.</summary>
/// <remarks>A turn of the run that was on its way when it was terminated may still start a child; a second sweep finds that.</remarks>
public static class CancelWorkflow
{
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(10);

    [Function(nameof(CancelWorkflow))]
    public static async Task<int> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var runId = context.GetInput<string>() ?? throw new InvalidOperationException("The input is the id of the run to cancel; there is none.");
        var run = new RunToCancel(runId, WorkflowSteps.ChildPrefix(runId), new DateTimeOffset(context.CurrentUtcDateTime, TimeSpan.Zero));
        var cancelled = await context.CallActivityAsync<int>(nameof(CancelRun), run, Retry.Storage);
        await context.CreateTimer(Afterwards, CancellationToken.None);
        return cancelled + await context.CallActivityAsync<int>(nameof(CancelRun), run, Retry.Storage);
    }
}
