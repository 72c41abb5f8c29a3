using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Requests;

namespace LznPipeline.Shared.Runs;

/// <summary>One line of <c>GET /api/runs</c>.</summary>
/// <param name="Status">The orchestration's runtime status, such as <c>Running</c> or <c>Completed</c>.</param>
/// <param name="Stage">The step it is at, such as <c>train</c>; null before the first.</param>
public record RunSummary(string RunId, string Status, string? Stage, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>The answer of <c>GET /api/runs/{id}</c>: the request, every step, and the result or the failure.</summary>
public sealed record RunDetail(string RunId, string Status, string? Stage, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
    : RunSummary(RunId, Status, Stage, CreatedAt, UpdatedAt)
{
    public required TrainRequest Request { get; init; }

    /// <summary>Steps in the order in which they begin.</summary>
    public required RunStep[] Steps { get; init; }

    public TrainResult? Result { get; init; }

    /// <summary>For a person: what failed, where, and why.</summary>
    public string? Failure { get; init; }
}

/// <param name="Name">Such as <c>prepare</c>, <c>train</c> or <c>embed-00003</c>.</param>
/// <param name="Reused">True when an earlier run had made the same already.</param>
/// <param name="Job">The job's own status; null for a step without a job or one that was reused.</param>
/// <param name="Folder">Blob prefix of the job: <c>log.jsonl</c>, <c>metrics.csv</c> and so on lie below it; null as for <paramref name="Job"/>.</param>
public sealed record RunStep(string Name, bool Reused, JobStatus? Job, string? Folder);
