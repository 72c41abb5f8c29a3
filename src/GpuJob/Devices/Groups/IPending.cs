namespace LznPipeline.GpuJob.Devices.Groups;

/// <summary>An operation of a group that is under way.</summary>
internal interface IPending
{
    /// <summary>Returns when the result is in the tensor. To be called once.</summary>
    /// <exception cref="PeerLostException">Another rank is gone, or did not take part in time.</exception>
    void Wait();
}
