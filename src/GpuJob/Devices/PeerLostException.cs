namespace LznPipeline.GpuJob.Devices;

/// <summary>An operation of a device group could not be completed, because of another rank or of the way to it.</summary>
internal sealed class PeerLostException(string message, Exception? cause = null) : Exception(message, cause);
