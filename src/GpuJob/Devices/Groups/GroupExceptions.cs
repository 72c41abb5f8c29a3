using LznPipeline.GpuJob.Runtime;

namespace LznPipeline.GpuJob.Devices.Groups;

/// <summary>An operation of a device group could not be completed, because of another rank or of the way to it.</summary>
internal sealed class PeerLostException(string message, Exception? cause = null) : Exception(message, cause), IJobEnding
{
    public int ExitCode => Shared.Jobs.ExitCode.TryAgain;
}

/// <summary>The ranks could not come together. Trying again may help.</summary>
internal sealed class GroupUnavailableException(string message, Exception? cause = null) : Exception(message, cause), IJobEnding
{
    public int ExitCode => Shared.Jobs.ExitCode.TryAgain;
}
