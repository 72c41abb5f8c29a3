using LznPipeline.GpuJob.Devices.Groups;

namespace LznPipeline.GpuJob.Devices.Transports;

/// <summary>A way to carry tensors between ranks.</summary>
internal interface ITransport : IDisposable
{
    /// <summary>As the option <c>--transport</c> names it.</summary>
    string Name { get; }

    /// <summary>Why it cannot be used on this machine, and what to do; null if it can.</summary>
    string? Missing { get; }

    /// <summary>Opens the port, if any, at which the others will find this rank; they come only after all have opened theirs.</summary>
    /// <param name="local">Whether all ranks are on this machine.</param>
    /// <returns>The port, or 0 for none.</returns>
    int Listen(int rank, bool local);

    /// <summary>Connects this rank with all the others, which do the same at the same time.</summary>
    /// <param name="timeout">How long to wait for another rank, here and in every operation.</param>
    /// <exception cref="PeerLostException">Another rank could not be reached in time.</exception>
    Task<IDeviceGroup> ConnectAsync(Peers peers, TimeSpan timeout, CancellationToken stop);
}
