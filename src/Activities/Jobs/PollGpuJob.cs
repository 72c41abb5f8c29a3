using LznPipeline.Activities.Edge;
using LznPipeline.Activities.Launching;
using LznPipeline.Activities.Options;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace LznPipeline.Activities.Jobs;

/// <summary>
/// Looks at a job. What its own status says is the truth; only silence is judged here, and a verdict is one compare-and-swap, so it falls once.
/// </summary>
public sealed class PollGpuJob(
    ArtifactStore store, JobStarter starter, IGpuJobLauncher launcher, LznOptions options, TimeProvider clock, ILogger<PollGpuJob> log)
{
    [Function(nameof(PollGpuJob))]
    public async Task<JobSighting> RunAsync([ActivityTrigger] JobRef job, CancellationToken stop)
    {
        var name = BlobLayout.JobStatus(job.RunId, job.Step);
        while (true)
        {
            var cell = await store.FindCellAsync<JobStatus>(name, stop);
            if (cell?.Value.State is not (JobState.Pending or JobState.Running))
                return JobSighting.Of(cell, launcher.PollEvery);
            if (await WhyLostAsync(cell.Value, stop) is not { } reason)
            {
                await starter.EnsureLaunchedAsync(job, cell, stop);
                return JobSighting.Of(cell, launcher.PollEvery);
            }

            var lost = cell.Value with
            {
                State = JobState.Lost,
                UpdatedAt = clock.GetUtcNow(),
                Failure = new JobFailure(ExitCode.TryAgain, FailureText.Cut(reason))
            };
            if (await store.ReplaceJsonAsync(name, lost, cell.ETag, stop) is not { } etag)
                continue;       // it spoke while we judged
            log.Lost(job.RunId, job.Step, lost.Attempt, reason);
            if (lost.Handle is { } handle)
                await launcher.StopAsync(handle, stop);
            return JobSighting.Of(new Cell<JobStatus>(lost, etag), launcher.PollEvery);
        }
    }

    private async Task<string?> WhyLostAsync(JobStatus status, CancellationToken stop)
    {
        if (status.Handle is { } handle && !await launcher.IsAliveAsync(handle, stop))
            return $"Its process ({handle}) ended without a result. {await launcher.LastWordsAsync(handle, stop)}".TrimEnd();
        var silence = clock.GetUtcNow() - status.UpdatedAt;
        return status switch
        {
            { State: JobState.Running } when silence > options.HeartbeatLimit => $"It has not reported for {silence.TotalSeconds:F0} s.",
            { State: JobState.Pending, Handle: not null } when silence > options.StartLimit =>
                $"It was launched, but has not begun for {silence.TotalSeconds:F0} s.",
            _ => null,
        };
    }
}

/// <summary>What a look at a job's status showed, as far as an orchestration decides by it.</summary>
/// <param name="Attempt">0 before the first.</param>
/// <param name="State">Null before the first attempt.</param>
/// <param name="ETag">Of the status that was seen; the next attempt replaces exactly that.</param>
/// <param name="PollSeconds">How often a look is worth its cost on this launcher.</param>
public sealed record JobSighting(int Attempt, JobState? State, string? ETag, string? LastCheckpoint, JobFailure? Failure, double PollSeconds)
{
    public ScoredCheckpoint? BestCheckpoint { get; init; }

    internal static JobSighting Of(Cell<JobStatus>? cell, TimeSpan pollEvery) => new(
        cell?.Value.Attempt ?? 0,
        cell?.Value.State,
        cell?.ETag,
        cell?.Value.LastCheckpoint,
        cell?.Value.Failure is { } failure ? failure with { Message = FailureText.Cut(failure.Message) } : null,
        pollEvery.TotalSeconds)
    {
        BestCheckpoint = cell?.Value.BestCheckpoint,
    };
}

/// <summary>A job whose status says done, and the attempt whose result counts.</summary>
public sealed record FinishedJob(JobRef Job, int Attempt);
