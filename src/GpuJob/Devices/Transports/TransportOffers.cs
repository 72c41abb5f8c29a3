using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Runtime;
using Microsoft.Extensions.Logging;

namespace LznPipeline.GpuJob.Devices.Transports;

/// <summary>The transports that a rank offers to its group, each listening already.</summary>
internal sealed class TransportOffers : IDisposable
{
    private readonly List<ITransport> _transports;

    private TransportOffers(List<ITransport> transports, KeyValuePair<string, int>[] ports) => (_transports, Ports) = (transports, ports);

    /// <summary>Where each listens, by name, the best first.</summary>
    internal KeyValuePair<string, int>[] Ports { get; }

    /// <param name="wanted">A name, or <see cref="TransportList.Automatic"/> for all.</param>
    /// <param name="able">See <see cref="TransportList.For"/>.</param>
    /// <exception cref="BadInputException">There is no such transport for such devices, or not on this machine.</exception>
    internal static TransportOffers Open(string wanted, List<ITransport> able, int rank, bool local, ILogger log)
    {
        var named = able.FindAll(transport => wanted is TransportList.Automatic || wanted == transport.Name);
        var present = named.FindAll(transport => transport.Missing is null);
        if (named.Count == 0)
            throw new BadInputException($"--transport is '{wanted}'. Allowed for tensors on this device: {TransportList.Automatic}, {string.Join(", ", able.Select(each => each.Name))}.");
        if (present.Count == 0)
            throw new BadInputException($"--transport is '{wanted}', but {named[0].Missing} Or choose {TransportList.Automatic}.");
        foreach (var absent in named.Except(present))
            log.TransportMissing(absent.Name, absent.Missing!);     // or it were present
        return new TransportOffers(present, [.. present.Select(transport => KeyValuePair.Create(transport.Name, transport.Listen(rank, local)))]);
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
