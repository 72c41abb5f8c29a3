using LznPipeline.Activities.Edge;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Storage;

namespace LznPipeline.Activities.Jobs;

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
