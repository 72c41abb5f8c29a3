using LznPipeline.Activities.Jobs;
using LznPipeline.Shared.Jobs;

namespace LznPipeline.Orchestrations.Workflows;

/// <summary>What <see cref="RunGpuJob"/> remembers of a job from look to look, and how it judges what it sees.</summary>
public sealed record GpuJobWatch(JobRef Job)
{
    /// <summary>
    /// Failures in a row without a newer checkpoint before a job is given up. An attempt that got further than the one before begins a new row.
    /// </summary>
    private const int MaxFailures = 5;

    private const double FirstPauseSeconds = 0.25;
    private const double PauseGrowth = 1.5;
    private const double FirstBackoffSeconds = 2;
    private const double LongestBackoffSeconds = 300;

    /// <summary>False until this run has a hand in the job: what an earlier execution of the run left behind is replaced, not judged.</summary>
    public bool Submitted { get; init; }

    public int Failures { get; init; }

    /// <summary>The newest checkpoint when the last attempt ended.</summary>
    public string? Checkpoint { get; init; }

    public double PauseSeconds { get; init; }

    internal TimeSpan Pause => TimeSpan.FromSeconds(PauseSeconds);

    internal (GpuJobWatch Watch, JobMove Move) Judge(JobSighting seen) => seen.State switch
    {
        JobState.Done => (this, JobMove.Finish),
        JobState.Pending or JobState.Running => (Waiting(seen), JobMove.Wait),
        _ when !Submitted => (this with { Submitted = true, PauseSeconds = 0, Checkpoint = seen.LastCheckpoint }, JobMove.Submit),
        JobState.Interrupted => (this with { PauseSeconds = FirstPauseSeconds, Checkpoint = seen.LastCheckpoint }, JobMove.Submit),
        JobState.Lost or JobState.Failed when seen.Failure is not { CanRetry: false } => AfterFailure(seen),
        _ => (this, JobMove.GiveUp),
    };

    internal string WhyGivenUp(JobSighting seen) => seen switch
    {
        { State: JobState.Cancelled } => "The job was cancelled.",
        { Failure: { CanRetry: false } failure } => failure.Message,
        _ => $"Attempt {seen.Attempt} ended as {seen.State}, {MaxFailures} failures in a row without progress. The last: {seen.Failure?.Message}",
    };

    /// <summary>Looks come quickly at first, for jobs that take a second, and then as often as the launcher likes.</summary>
    private GpuJobWatch Waiting(JobSighting seen) => this with
    {
        Submitted = true,
        PauseSeconds = Math.Min(seen.PollSeconds, Math.Max(FirstPauseSeconds, PauseSeconds * PauseGrowth)),
    };

    private (GpuJobWatch Watch, JobMove Move) AfterFailure(JobSighting seen)
    {
        var failures = seen.LastCheckpoint == Checkpoint ? Failures + 1 : 1;
        var backoff = Math.Min(LongestBackoffSeconds, FirstBackoffSeconds * Math.Pow(2, failures - 1));
        return (this with { Failures = failures, Checkpoint = seen.LastCheckpoint, PauseSeconds = backoff },
            failures < MaxFailures ? JobMove.Submit : JobMove.GiveUp);
    }
}

/// <summary>What to do after a look at a job.</summary>
public enum JobMove
{
    Wait,
    Submit,
    Finish,
    GiveUp,
}
