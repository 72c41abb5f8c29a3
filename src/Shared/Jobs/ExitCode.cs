namespace LznPipeline.Shared.Jobs;

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
