using System.Net;
using System.Runtime.InteropServices;
using Lzn.Torch;
using LznPipeline.GpuJob.Devices.Transports;
using TorchSharp;

namespace LznPipeline.GpuJob.Devices.Libtorch;

/// <summary>libtorch's own process groups: Gloo for tensors in memory, NCCL for those on CUDA devices. Rank 0 holds the store at which they meet.</summary>
internal sealed class LibtorchTransport(Backend backend) : ITransport
{
    /// <summary>The store answers at once; it only waits for ranks that have not yet written what others ask for.</summary>
    private static readonly TimeSpan StorePatience = TimeSpan.FromMinutes(5);

    private TcpStore? _store;

    public string Name => backend is Backend.Nccl ? "nccl" : "gloo";

    public bool Carries(DeviceType device) => device == (backend is Backend.Nccl ? DeviceType.CUDA : DeviceType.CPU);

    public int Listen(int rank, bool local)
    {
        if (rank > 0)
            return 0;
        _store = TcpStore.Listen(0, StorePatience);
        return _store.Port;
    }

    /// <summary>libtorch knows no cancellation; whoever gives up on this ends the process.</summary>
    public Task<IDeviceGroup> ConnectAsync(Peers peers, TimeSpan timeout, CancellationToken stop) => Task.Run<IDeviceGroup>(() => Connect(peers, timeout), stop).WaitAsync(stop);

    public void Dispose() => _store?.Dispose();

    private LibtorchGroup Connect(Peers peers, TimeSpan timeout)
    {
        try
        {
            var store = _store ??= Meet(peers.EndPoints[0], timeout);
            return new LibtorchGroup(ProcessGroup.Join(backend, store, peers.Rank, peers.Size, peers.Own.Address, timeout), peers.Device, timeout);
        }
        catch (ExternalException failed)
        {
            throw new PeerLostException($"Rank {peers.Rank} could not connect with the others through {Name}: {failed.Message}", failed);
        }
    }

    private static TcpStore Meet(IPEndPoint store, TimeSpan timeout) => TcpStore.Connect(store.Address.ToString(), store.Port, timeout);
}
