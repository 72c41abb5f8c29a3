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
    internal static JobEnd OfCommand(Exception failed) => Of(failed is InvalidDataException or IOException or UnauthorizedAccessException ? new BadInputException(failed.Message, failed) : failed);

    internal JobFailure? Failure(int maxMessage)
    {
        if (Cause is null)
            return null;
        var message = ExitCode is Shared.Jobs.ExitCode.Bug && Cause is not IJobEnding ? $"{Cause.GetType().Name}: {Cause.Message} The log has the details." : Cause.Message;
        return new JobFailure(ExitCode, message.Length <= maxMessage ? message : message[..(maxMessage - 1)] + "…");
    }
}
