using LznPipeline.Shared.Jobs;

namespace LznPipeline.GpuJob.Runtime;

/// <summary>An exception that knows how it ends a job. One that does not is a bug of ours.</summary>
internal interface IJobEnding
{
    /// <summary>One of <see cref="Shared.Jobs.ExitCode"/>.</summary>
    int ExitCode { get; }

    /// <summary>What the status cell shall say; null when it is no longer ours to write.</summary>
    JobState? State => JobState.Failed;
}

/// <summary>The job or its data is wrong, so that trying again without a change is hopeless.</summary>
internal sealed class BadInputException(string message, Exception? cause = null) : Exception(message, cause), IJobEnding
{
    public int ExitCode => Shared.Jobs.ExitCode.JobIsWrong;
}

/// <summary>The job was asked to stop (SIGTERM), and has saved what is worth saving.</summary>
internal sealed class JobInterruptedException(string message) : Exception(message), IJobEnding
{
    public int ExitCode => Shared.Jobs.ExitCode.Interrupted;

    public JobState? State => JobState.Interrupted;
}

/// <summary>Somebody took the job away from this attempt. It must stop at once and publish nothing.</summary>
internal sealed class JobFencedException(string message) : Exception(message), IJobEnding
{
    public int ExitCode => Shared.Jobs.ExitCode.TryAgain;

    public JobState? State => null;
}

/// <summary>Storage was away for longer than the job waits. Starting the job again later may help.</summary>
internal sealed class StoreLostException(TimeSpan waited, Exception cause)
    : IOException($"Storage did not answer for {waited.TotalSeconds:0} seconds: {cause.GetBaseException().Message}", cause), IJobEnding
{
    public int ExitCode => Shared.Jobs.ExitCode.TryAgain;
}
