using LznPipeline.Activities.Edge;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace LznPipeline.Activities.Jobs;

/// <summary>Begins the next attempt of a job. However often and at once it runs, it makes one attempt: it replaces the status that the orchestration saw, and no other.</summary>
public sealed class SubmitGpuJob(ArtifactStore store, JobStarter starter, TimeProvider clock, ILogger<SubmitGpuJob> log)
{
    [Function(nameof(SubmitGpuJob))]
    public async Task RunAsync([ActivityTrigger] JobSubmission submission, CancellationToken stop)
    {
        var (job, over) = submission;
        var name = BlobLayout.JobStatus(job.RunId, job.Step);
        var next = new JobStatus { Attempt = over.Attempt + 1, State = JobState.Pending, UpdatedAt = clock.GetUtcNow(), LastCheckpoint = over.LastCheckpoint, BestCheckpoint = over.BestCheckpoint };
        if (await store.ReplaceJsonAsync(name, next, over.ETag, stop) is not null)
            log.Submitted(job.RunId, job.Step, next.Attempt);

        var current = await store.FindCellAsync<JobStatus>(name, stop);
        if (current?.Value is not { } status || status.Attempt != next.Attempt || status.State is JobState.Cancelled)
            throw new PermanentFailureException($"{job.Name}: the job was taken away before attempt {next.Attempt} began; it is now attempt {current?.Value.Attempt}, {current?.Value.State}.");
        await starter.EnsureLaunchedAsync(job, current, stop);
    }
}
