using LznPipeline.Activities.Edge;
using LznPipeline.Activities.Launching;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace LznPipeline.Activities.Jobs;

/// <summary>
/// Begins the next attempt of a job. However often and at once it runs, it makes one attempt: it replaces the status that the orchestration saw, and no other.
/// </summary>
public sealed class SubmitGpuJob(ArtifactStore store, JobStarter starter, TimeProvider clock, ILogger<SubmitGpuJob> log)
{
    [Function(nameof(SubmitGpuJob))]
    public async Task RunAsync([ActivityTrigger] JobSubmission submission, CancellationToken stop)
    {
        var (job, over) = submission;
        var name = BlobLayout.JobStatus(job.RunId, job.Step);
        var next = new JobStatus
        {
            Attempt = over.Attempt + 1,
            State = JobState.Pending,
            UpdatedAt = clock.GetUtcNow(),
            LastCheckpoint = over.LastCheckpoint,
            BestCheckpoint = over.BestCheckpoint
        };
        if (await store.ReplaceJsonAsync(name, next, over.ETag, stop) is not null)
            log.Submitted(job.RunId, job.Step, next.Attempt);

        var current = await store.FindCellAsync<JobStatus>(name, stop);
        if (current?.Value is not { } status || status.Attempt != next.Attempt || status.State is JobState.Cancelled)
            throw new PermanentFailureException(
                $"{job.Name}: the job was taken away before attempt {next.Attempt} began; it is now attempt {current?.Value.Attempt}, {current?.Value.State}.");
        await starter.EnsureLaunchedAsync(job, current, stop);
    }
}

/// <param name="Over">What was seen of the job: the new attempt takes the place of exactly that.</param>
public sealed record JobSubmission(JobRef Job, JobSighting Over);

/// <summary>Sees to it that a pending attempt has a process.</summary>
/// <remarks>Two processes for one attempt do no harm: one of them claims it, the other ends at once.</remarks>
public sealed class JobStarter(ArtifactStore store, IGpuJobLauncher launcher, ILogger<JobStarter> log)
{
    /// <summary>
    /// Launches the attempt unless that was done, and notes the handle. Nothing happens when the launcher has no room; the next look tries again.
    /// </summary>
    internal async Task EnsureLaunchedAsync(JobRef job, Cell<JobStatus> cell, CancellationToken stop)
    {
        if (cell.Value is not { State: JobState.Pending, Handle: null })
            return;
        var spec = await store.ReadJsonAsync<JobSpec>(BlobLayout.Job(job.RunId, job.Step), stop);
        if (await launcher.LaunchAsync(new JobLaunch(job, spec.Verb, cell.Value.Attempt), stop) is not { } handle)
            return;
        log.Launched(job.RunId, job.Step, cell.Value.Attempt, handle);
        await NoteAsync(job, cell, handle, stop);
    }

    private async Task NoteAsync(JobRef job, Cell<JobStatus> cell, string handle, CancellationToken stop)
    {
        var name = BlobLayout.JobStatus(job.RunId, job.Step);
        Cell<JobStatus>? current = cell;
        while (current is { Value: { Handle: null, State: JobState.Pending or JobState.Running } status } && status.Attempt == cell.Value.Attempt)
        {
            if (await store.ReplaceJsonAsync(name, status with { Handle = handle }, current.ETag, stop) is not null)
                return;
            current = await store.FindCellAsync<JobStatus>(name, stop);
        }

        // Another try noted its own launch first, or the attempt is over: ours must not stay behind.
        if (current?.Value.Handle != handle)
            await launcher.StopAsync(handle, stop);
    }
}
