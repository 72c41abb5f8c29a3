using LznPipeline.Activities.Launching;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace LznPipeline.Activities.Jobs;

/// <summary>
/// Ends everything that a run has under way. Each job's status becomes cancelled by compare-and-swap: from then on no attempt of it can begin or finish.
/// </summary>
/// <remarks>Running it again finds less to do, and in the end nothing.</remarks>
public sealed class CancelRun(ArtifactStore store, IGpuJobLauncher launcher, TimeProvider clock, ILogger<CancelRun> log)
{
    private static readonly OrchestrationRuntimeStatus[] Unfinished =
        [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended];

    /// <returns>How many jobs it cancelled.</returns>
    [Function(nameof(CancelRun))]
    public async Task<int> RunAsync([ActivityTrigger] RunToCancel run, [DurableClient] DurableTaskClient client, CancellationToken stop)
    {
        if (await client.GetInstanceAsync(run.RunId, stop) is { } current && current.CreatedAt > run.RequestedAt)
            return 0;       // the run was started anew since, and what is under way is its own

        var children = client.GetAllInstancesAsync(new OrchestrationQuery(InstanceIdPrefix: run.ChildPrefix, Statuses: Unfinished));
        await foreach (var child in children.WithCancellation(stop))
            await client.TerminateInstanceAsync(child.InstanceId, stop);

        var cancelled = 0;
        await foreach (var name in store.ListAsync(BlobLayout.RunFolder(run.RunId) + "/", stop))
        {
            if (name.Split('/') is [_, _, var step, BlobLayout.JobFile] && await CancelAsync(new JobRef(run.RunId, step), stop))
                cancelled++;
        }

        return cancelled;
    }

    private async Task<bool> CancelAsync(JobRef job, CancellationToken stop)
    {
        var name = BlobLayout.JobStatus(job.RunId, job.Step);
        while (true)
        {
            // A job that was described but never submitted gets a status too: a submission still on its way must not find the place empty.
            var cell = await store.FindCellAsync<JobStatus>(name, stop);
            if (cell?.Value.State is JobState.Done or JobState.Cancelled)
                return false;
            var cancelled = (cell?.Value ?? new JobStatus { Attempt = 0, State = JobState.Cancelled, UpdatedAt = default })
                with { State = JobState.Cancelled, UpdatedAt = clock.GetUtcNow() };
            if (await store.ReplaceJsonAsync(name, cancelled, cell?.ETag, stop) is null)
                continue;
            log.Cancelled(job.RunId, job.Step, cancelled.Attempt);
            if (cancelled.Handle is { } handle)
                await launcher.StopAsync(handle, stop);
            return true;
        }
    }
}

/// <param name="ChildPrefix">Instance ids of the run's sub-orchestrations begin with it.</param>
/// <param name="RequestedAt">When it was to be cancelled; what was started later is another matter.</param>
public sealed record RunToCancel(string RunId, string ChildPrefix, DateTimeOffset RequestedAt);
