using System.Net;
using Lzn.Torch.Interop;
using TorchSharp;

namespace Lzn.Torch;

/// <summary>Processes that work on the same tensors together: libtorch's own process groups.</summary>
/// <remarks>
/// All members must start the same operations in the same order. When a member is gone the group is broken for good: <see cref="Dispose"/> would then wait for what can never
/// complete, so end the process instead.
/// </remarks>
public sealed class ProcessGroup : IDisposable
{
    private nint _handle;

    private ProcessGroup(nint handle, int rank, int size) => (_handle, Rank, Size) = (handle, rank, size);

    /// <summary>The backends that this build has.</summary>
    public static Backend Available => (Backend)Native.lzn_group_backends();

    public int Rank { get; }

    public int Size { get; }

    private nint Handle => _handle != 0 ? _handle : throw new ObjectDisposedException(nameof(ProcessGroup));

    /// <summary>Joins the group of those who use the same store; returns when all have (with NCCL, at the first operation).</summary>
    /// <param name="address">Of this machine, as the others reach it. Gloo listens there.</param>
    /// <param name="timeout">How long to wait for the others, here and in every operation.</param>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">The others did not come in time, or the backend is not in this build.</exception>
    public static ProcessGroup Join(Backend backend, TcpStore store, int rank, int size, IPAddress address, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(address);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(rank);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rank, size);
        var handle = Native.lzn_group_new(store.Handle, (int)backend, rank, size, address.ToString(), (long)timeout.TotalMilliseconds);
        return new ProcessGroup(Native.Check(handle, nameof(ProcessGroup)), rank, size);
    }

    /// <summary>Each member's tensor, contiguous and of the same shape and type, becomes the sum of all: the same bits everywhere.</summary>
    public Work AllReduce(torch.Tensor tensor) => Started(Native.lzn_group_all_reduce(Handle, tensor.Handle), nameof(AllReduce), tensor);

    /// <summary>Each member's tensor becomes the root's.</summary>
    public Work Broadcast(torch.Tensor tensor, int root) => Started(Native.lzn_group_broadcast(Handle, tensor.Handle, root), nameof(Broadcast), tensor);

    /// <param name="gathered">Becomes the members' tensors one after the other, by rank: contiguous, [size n, ...].</param>
    /// <param name="tensor">[n, ...], contiguous, of the same shape and type everywhere.</param>
    public Work AllGather(torch.Tensor gathered, torch.Tensor tensor)
    {
        var handle = Native.lzn_group_all_gather(Handle, gathered.Handle, tensor.Handle);
        GC.KeepAlive(gathered);
        return Started(handle, nameof(AllGather), tensor);
    }

    /// <summary>Completes when every member has come to it.</summary>
    /// <param name="device">Where NCCL waits; Gloo needs none.</param>
    public Work Barrier(torch.Device? device = null) => Started(Native.lzn_group_barrier(Handle, device?.index ?? -1), nameof(Barrier), null);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _handle, 0) is var handle and not 0) Native.lzn_group_release(handle);
    }

    private static Work Started(nint handle, string name, torch.Tensor? tensor)
    {
        GC.KeepAlive(tensor);
        return new Work(Native.Check(handle, name));
    }
}
