using System.Net;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Devices.Nccl;
using LznPipeline.GpuJob.Runtime;
using Microsoft.Extensions.Logging;
using TorchSharp;
using static TorchSharp.torch;

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
            throw new BadInputException($"--transport is '{wanted}'. "
                + $"Allowed for tensors on this device: {TransportList.Automatic}, {string.Join(", ", able.Select(each => each.Name))}.");
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

/// <summary>The ranks of a group and where they listen.</summary>
/// <param name="Rank">This process's.</param>
/// <param name="EndPoints">By rank.</param>
/// <param name="Secret">Known to the group alone; tells its members from strangers.</param>
internal sealed record Peers(int Rank, IPEndPoint[] EndPoints, string Secret)
{
    internal int Size => EndPoints.Length;

    /// <summary>Where this rank's tensors are.</summary>
    internal Device Device { get; init; } = CPU;

    internal int Next => (Rank + 1) % Size;

    internal int Previous => (Rank + Size - 1) % Size;

    internal IPEndPoint Own => EndPoints[Rank];
}

/// <summary>The transports that there are.</summary>
internal static class TransportList
{
    /// <summary>Stands for the best of those that all ranks have.</summary>
    internal const string Automatic = "auto";

    /// <summary>All that can carry tensors of such devices, the best first. Sockets, the last, are always there.</summary>
    internal static List<ITransport> For(DeviceType device) => device is DeviceType.CUDA
        ? [new NcclTransport(NcclLibrary.Find(NcclLibrary.Places(Environment.GetEnvironmentVariable)), CudaDriver.Find()), new SocketTransport()]
        : [new SocketTransport()];
}
