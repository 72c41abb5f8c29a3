using System.Globalization;
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
        var run = new RunToCancel(runId, WorkflowSteps.ChildPrefix(runId), RequestedAt(context));
        var cancelled = await context.CallActivityAsync<int>(nameof(CancelRun), run, Retry.Storage);
        await context.CreateTimer(Afterwards, CancellationToken.None);
        return cancelled + await context.CallActivityAsync<int>(nameof(CancelRun), run, Retry.Storage);
    }

    /// <summary>The id of an instance, which tells when it was asked for: on a busy host it may begin only after the run was started anew.</summary>
    internal static string IdOf(string runId, DateTimeOffset requestedAt) => $"cancel-{runId}-{requestedAt.UtcTicks}";

    /// <summary>The moment in the id; of an instance that an earlier version started, that of its beginning.</summary>
    private static DateTimeOffset RequestedAt(TaskOrchestrationContext context) =>
        long.TryParse(context.InstanceId.AsSpan(context.InstanceId.LastIndexOf('-') + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : new DateTimeOffset(context.CurrentUtcDateTime, TimeSpan.Zero);
}
