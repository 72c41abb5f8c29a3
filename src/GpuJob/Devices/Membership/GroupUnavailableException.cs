namespace LznPipeline.GpuJob.Devices.Membership;

/// <summary>The ranks could not come together. Trying again may help.</summary>
internal sealed class GroupUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
