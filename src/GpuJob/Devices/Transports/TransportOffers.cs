using LznPipeline.GpuJob.Jobs;
using TorchSharp;

namespace LznPipeline.GpuJob.Devices.Transports;

/// <summary>The transports that a rank offers to its group, each listening already.</summary>
internal sealed class TransportOffers : IDisposable
{
    private readonly List<ITransport> _transports;

    private TransportOffers(List<ITransport> transports, KeyValuePair<string, int>[] ports) => (_transports, Ports) = (transports, ports);

    /// <summary>Where each listens, by name, the best first.</summary>
    internal KeyValuePair<string, int>[] Ports { get; }

    /// <param name="wanted">A name, or <see cref="TransportList.Automatic"/> for all.</param>
    /// <param name="device">Whose tensors they shall carry.</param>
    /// <exception cref="BadInputException">There is no such transport for such devices.</exception>
    internal static TransportOffers Open(string wanted, DeviceType device, int rank, bool local)
    {
        var able = TransportList.For(device);
        var transports = able.FindAll(transport => wanted is TransportList.Automatic || wanted == transport.Name);
        if (transports.Count == 0)
            throw new BadInputException($"--transport is '{wanted}'. Allowed for tensors on {device} in this build: {TransportList.Automatic}, {string.Join(", ", able.Select(each => each.Name))}.");
        return new TransportOffers(transports, [.. transports.Select(transport => KeyValuePair.Create(transport.Name, transport.Listen(rank, local)))]);
    }

    /// <param name="name">One of those offered.</param>
    internal Task<IDeviceGroup> ConnectAsync(string name, Peers peers, TimeSpan timeout, CancellationToken stop) =>
        _transports.Single(transport => transport.Name == name).ConnectAsync(peers, timeout, stop);

    /// <summary>Ends the listening; groups that were connected go on.</summary>
    public void Dispose()
    {
        foreach (var transport in _transports)
            transport.Dispose();
    }
}
