using LznPipeline.Activities.Jobs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace LznPipeline.Orchestrations.Workflows;

/// <summary>Brings one GPU job to its end: submits it, looks at it in intervals, submits it anew when it was lost or failed.</summary>
/// <remarks>It begins a new history after a few looks, so months of looking cost no more than minutes.</remarks>
public static class RunGpuJob
{
    private const int LooksPerHistory = 20;

    [Function(nameof(RunGpuJob))]
    public static async Task<FinishedJob?> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var watch = context.GetInput<GpuJobWatch>() ?? throw new InvalidOperationException("The input is the job to run; there is none.");
        for (var look = 0; look < LooksPerHistory; look++)
        {
            var seen = await context.CallActivityAsync<JobSighting>(nameof(PollGpuJob), watch.Job, Retry.Storage);
            (watch, var next) = watch.Judge(seen);
            if (next is JobMove.Finish)
                return new FinishedJob(watch.Job, seen.Attempt);
            if (next is JobMove.GiveUp)
                throw new GpuJobFailedException(watch.WhyGivenUp(seen));

            if (watch.Pause > TimeSpan.Zero)
                await context.CreateTimer(watch.Pause, CancellationToken.None);
            if (next is JobMove.Submit)
                await context.CallActivityAsync(nameof(SubmitGpuJob), new JobSubmission(watch.Job, seen), Retry.Storage);
        }

        context.ContinueAsNew(watch);
        return null;        // not read: a new history begins
    }
}

/// <summary>A GPU job cannot be brought to its end.</summary>
public sealed class GpuJobFailedException(string message) : Exception(message);
