using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Options;

namespace LznPipeline.GpuJob.Runtime;

/// <summary>How a job ended.</summary>
/// <param name="State">What the status cell shall say; null when it is no longer ours to write.</param>
internal sealed record JobEnd(int ExitCode, JobState? State, Exception? Cause)
{
    /// <param name="cause">What ended the work; null for success.</param>
    internal static JobEnd Of(Exception? cause) => cause switch
    {
        null => new(Shared.Jobs.ExitCode.Done, JobState.Done, null),
        IJobEnding known => new(known.ExitCode, known.State, cause),
        OptionsException => new(Shared.Jobs.ExitCode.JobIsWrong, JobState.Failed, cause),
        _ => new(Shared.Jobs.ExitCode.Bug, JobState.Failed, cause),
    };

    /// <summary>The end of a command on files at hand. Whatever is wrong with a file is its user's business and no defect.</summary>
    internal static JobEnd OfCommand(Exception failed) =>
        Of(failed is InvalidDataException or IOException or UnauthorizedAccessException ? new BadInputException(failed.Message, failed) : failed);

    internal JobFailure? Failure(int maxMessage)
    {
        if (Cause is null)
            return null;
        var message = ExitCode is Shared.Jobs.ExitCode.Bug && Cause is not IJobEnding
            ? $"{Cause.GetType().Name}: {Cause.Message} The log has the details."
            : Cause.Message;
        return new JobFailure(ExitCode, message.Length <= maxMessage ? message : message[..(maxMessage - 1)] + "…");
    }
}

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
