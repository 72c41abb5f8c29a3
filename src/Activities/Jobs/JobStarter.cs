using LznPipeline.Activities.Launching;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Storage;
using Microsoft.Extensions.Logging;

namespace LznPipeline.Activities.Jobs;

/// <summary>Sees to it that a pending attempt has a process.</summary>
/// <remarks>Two processes for one attempt do no harm: one of them claims it, the other ends at once.</remarks>
public sealed class JobStarter(ArtifactStore store, IGpuJobLauncher launcher, ILogger<JobStarter> log)
{
    /// <summary>Launches the attempt unless that was done, and notes the handle. Nothing happens when the launcher has no room; the next look tries again.</summary>
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
