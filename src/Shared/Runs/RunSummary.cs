using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Requests;

namespace LznPipeline.Shared.Runs;

/// <summary>One line of <c>GET /api/runs</c>.</summary>
/// <param name="Status">The orchestration's runtime status, such as <c>Running</c> or <c>Completed</c>.</param>
/// <param name="Stage">The step it is at, such as <c>train</c>; null before the first.</param>
public record RunSummary(string RunId, string Status, string? Stage, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

/// <summary>The answer of <c>POST /api/train</c>, and of cancelling a run.</summary>
/// <param name="Started">False when the same request was posted before: what is told is that run. Cancelling starts none.</param>
public sealed record RunAnswer(string RunId, string Status, bool Started, DateTimeOffset CreatedAt);

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

/// <summary>The steps of a training run, in the order in which they begin. The run's stage is one of them.</summary>
public static class RunSteps
{
    public const string Validate = "validate";
    public const string Prepare = "prepare";
    public const string Train = "train";
    public const string Evaluate = "evaluate";
    public const string Register = "register";
    public const string Embed = "embed";
    public const string Publish = "publish";

    public static IReadOnlyList<string> All { get; } = [Validate, Prepare, Train, Evaluate, Register, Embed, Publish];

    /// <summary>The embed step's part with this index, such as <c>embed-00003</c>.</summary>
    public static string EmbedPart(int index) => $"{Embed}-{index:D5}";
}

/// <summary>Where the result of a step comes from: <c>runs/{runId}/lineage/{step}.json</c>. <c>lzn explain</c> reads these.</summary>
/// <param name="Step">One of <see cref="RunSteps"/>.</param>
/// <param name="Reused">True when it was there already and was found whole; false when this run had to make it.</param>
/// <param name="Output">Blob prefix of what the step gives, such as <c>datasets/cats/0123456789abcdef</c>.</param>
/// <param name="Why">For a person: why it was reused, or why it had to be made.</param>
/// <param name="MadeFrom">Everything that the output's version was computed from, by name.</param>
public sealed record StepLineage(string Step, bool Reused, string Output, string Why, SortedDictionary<string, string> MadeFrom);

/// <summary>What a finished run made: the output of its orchestration.</summary>
public sealed record TrainResult(DatasetRef Dataset, ModelRef Model, SortedDictionary<string, double> Metrics, EmbeddingsRef Embeddings);
