using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Devices.Nccl;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Devices.Transports;

/// <summary>NCCL, for tensors on CUDA devices. The ranks come together over sockets, and learn there what rank 0's NCCL calls the group.</summary>
/// <param name="nccl">Null if there is none here.</param> <param name="cuda">Likewise.</param>
internal sealed class NcclTransport(NcclLibrary? nccl, CudaDriver? cuda) : ITransport
{
    private readonly SocketTransport _sockets = new();

    public string Name => "nccl";

    public string? Missing => nccl is null ? NcclLibrary.Missing : cuda is null ? CudaDriver.Missing : null;

    public int Listen(int rank, bool local) => _sockets.Listen(rank, local);

    public async Task<IDeviceGroup> ConnectAsync(Peers peers, TimeSpan timeout, CancellationToken stop)
    {
        if (nccl is null || cuda is null)
            throw new InvalidOperationException(Missing);
        var id = await ShareIdAsync(nccl, peers, timeout, stop);
        return await Task.Run<IDeviceGroup>(() => new NcclGroup(nccl, cuda, id, peers.Rank, peers.Size, peers.Device, timeout), stop);
    }

    public void Dispose() => _sockets.Dispose();

    private async Task<byte[]> ShareIdAsync(NcclLibrary nccl, Peers peers, TimeSpan timeout, CancellationToken stop)
    {
        using var ring = await _sockets.ConnectAsync(peers with { Device = CPU }, timeout, stop);
        var id = new byte[NcclLibrary.IdBytes];
        if (peers.Rank == 0 && nccl.NewId(out id) is var result && result is not NcclResult.Succeeded)
            throw new PeerLostException($"Rank 0 could not begin a group: {nccl.Explain(result)}. With NCCL_DEBUG=WARN in the environment it says more.");
        using var shared = tensor(id);
        ring.Broadcast(shared);
        return shared.bytes.ToArray();
    }
}
