using System.Text.Json.Serialization;

namespace LznPipeline.Shared.Jobs;

/// <summary>The state of a job: the content of <c>status.json</c>, the job's only cell of truth.</summary>
/// <remarks>
/// It is written with If-Match only. <see cref="Attempt"/> is the fencing token: raising it, which whoever gives a job up for dead does, changes the ETag, so
/// the next write of the old attempt fails and that process ends. A result counts only when this cell says <see cref="JobState.Done"/> for its attempt.
/// </remarks>
public sealed record JobStatus
{
    /// <summary>1 for the first try; raised by one each time the job is submitted anew.</summary>
    public required int Attempt { get; init; }

    public required JobState State { get; init; }

    /// <summary>When this was written, UTC. A running job writes at least every 10 seconds.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>What the launcher knows the attempt by, such as a process id; null until it was launched.</summary>
    public string? Handle { get; init; }

    public JobProgress? Progress { get; init; }

    /// <summary>Blob name of the newest whole checkpoint; the next attempt goes on there.</summary>
    public string? LastCheckpoint { get; init; }

    /// <summary>The checkpoint with the smallest mean loss so far, which is kept beside the newest ones.</summary>
    public ScoredCheckpoint? BestCheckpoint { get; init; }

    /// <summary>Why it failed or was interrupted.</summary>
    public JobFailure? Failure { get; init; }
}

/// <summary>The states of a job. Only <see cref="Done"/>, <see cref="Failed"/> and <see cref="Cancelled"/> are final.</summary>
public enum JobState
{
    /// <summary>Submitted; no process has claimed this attempt yet.</summary>
    Pending,

    /// <summary>Claimed by a process that reports.</summary>
    Running,

    /// <summary>Its process is gone or silent; the next attempt may begin.</summary>
    Lost,

    /// <summary>Its process stopped on request (SIGTERM) and left a checkpoint; the next attempt may begin.</summary>
    Interrupted,

    Failed,
    Cancelled,
    Done,
}

/// <summary>How far a job is.</summary>
/// <param name="Stage">What it is doing, one or two words.</param>
/// <param name="Done">Units finished: iterations when training, images otherwise.</param>
/// <param name="Total">Units in all.</param>
public sealed record JobProgress(string Stage, long Done, long Total)
{
    public double? Loss { get; init; }

    public double? ImagesPerSecond { get; init; }

    /// <summary>Expected time to the end of the job, seconds.</summary>
    public double? EtaSeconds { get; init; }
}

/// <summary>A checkpoint and what it is compared by.</summary>
/// <param name="Name">Of the blob.</param>
/// <param name="MeanLoss">Of about the fifty iterations before it.</param>
public sealed record ScoredCheckpoint(string Name, double MeanLoss);

/// <summary>Why a job did not finish.</summary>
/// <param name="ExitCode">As in <see cref="Jobs.ExitCode"/>.</param>
/// <param name="Message">For a person: what was wrong, at most 2,000 characters.</param>
public sealed record JobFailure(int ExitCode, string Message)
{
    [JsonIgnore]
    public bool CanRetry => ExitCode is not Jobs.ExitCode.JobIsWrong;
}

/// <summary>What a GPU job's exit code says to whoever started it.</summary>
public static class ExitCode
{
    public const int Done = 0;

    /// <summary>The job itself is wrong (sysexits EX_USAGE): never retried.</summary>
    public const int JobIsWrong = 64;

    /// <summary>A defect of the program (EX_SOFTWARE): retried a few times.</summary>
    public const int Bug = 70;

    /// <summary>Something around it failed, such as storage (EX_TEMPFAIL): retried.</summary>
    public const int TryAgain = 75;

    /// <summary>Stopped by SIGTERM after it saved a checkpoint: 128 + 15.</summary>
    public const int Interrupted = 143;
}
