using LznPipeline.GpuJob.Devices.Groups;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Devices.Nccl;

/// <summary>A device group over NCCL, from one CUDA device to the next. All is enqueued on stream 0, behind what libtorch computes there.</summary>
internal sealed class NcclGroup : IDeviceGroup
{
    private readonly NcclLibrary _nccl;
    private readonly CudaDriver _cuda;
    private readonly nint _context;
    private readonly nint _group;
    private readonly TimeSpan _timeout;
    private long _operations;
    private bool _isDisposed;
    private volatile PeerLostException? _lost;

    /// <summary>Joins; returns when all ranks have.</summary>
    /// <param name="id">The same for all, from <see cref="NcclLibrary.NewId"/>.</param>
    /// <param name="timeout">How long to wait for another rank, here and in every operation.</param>
    /// <exception cref="PeerLostException">Not all came.</exception>
    internal NcclGroup(NcclLibrary nccl, CudaDriver cuda, byte[] id, int rank, int size, Device device, TimeSpan timeout)
    {
        (_nccl, _cuda, Rank, Size, Device, _timeout) = (nccl, cuda, rank, size, device, timeout);
        _context = cuda.Context(device.index);
        cuda.Enter(_context);
        Check(Settled(nccl.Join(id, rank, size, out _group)));
    }

    public int Rank { get; }

    public int Size { get; }

    public Device Device { get; }

    public long Operations => Interlocked.Read(ref _operations);

    public bool IsBroken => _lost is not null;

    public IPending Sum(Tensor tensor) => Begin(tensor, () => _nccl.Sum(_group, NcclData.Of(tensor)));

    public Tensor Gather(Tensor own)
    {
        var all = empty([Size * own.shape[0], .. own.shape[1..]], own.dtype, own.device);
        Begin(own, () => _nccl.Gather(_group, NcclData.Of(own), NcclData.Of(all))).Wait();
        return all;
    }

    public void Broadcast(Tensor tensor) => Begin(tensor, () => _nccl.Broadcast(_group, NcclData.Of(tensor))).Wait();

    public void Dispose()
    {
        if (IsBroken || Interlocked.Exchange(ref _isDisposed, true))
            return;
        _cuda.Enter(_context);
        if (Settled(_nccl.Leave(_group)) is NcclResult.Succeeded)
            _nccl.Free(_group);
        else
            _nccl.Abort(_group);        // the work is done; whoever is gone now is missed elsewhere
    }

    private Pending Begin(Tensor tensor, Func<NcclResult> operation)
    {
        if (!tensor.is_contiguous())
            throw new ArgumentException("Only contiguous tensors can be exchanged.", nameof(tensor));
        Enter();
        Interlocked.Increment(ref _operations);
        Check(Settled(operation()));
        return new Pending(this, tensor.detach().DetachFromDisposeScope());
    }

    /// <summary>Waits until a call has what it needs of the other ranks.</summary>
    /// <returns>How it ended; still in progress after the timeout.</returns>
    private NcclResult Settled(NcclResult result)
    {
        SpinWait.SpinUntil(() => (result = result is NcclResult.InProgress ? _nccl.State(_group) : result) is not NcclResult.InProgress, _timeout);
        return result;
    }

    private void Enter()
    {
        if (_lost is { } lost)
            throw new PeerLostException(lost.Message, lost);
        _cuda.Enter(_context);
    }

    /// <summary>Waits until the device is done.</summary>
    private void Complete()
    {
        Enter();
        var result = NcclResult.InProgress;
        SpinWait.SpinUntil(() => (result = Progress()) is not NcclResult.InProgress, _timeout);
        Check(result);
    }

    private NcclResult Progress()
    {
        if (_cuda.IsIdle())
            return NcclResult.Succeeded;
        return _nccl.State(_group) is var state && state is NcclResult.Succeeded ? NcclResult.InProgress : state;
    }

    private void Check(NcclResult result)
    {
        if (result is NcclResult.Succeeded)
            return;
        if (result is NcclResult.InvalidArgument or NcclResult.InvalidUsage)
            throw new InvalidOperationException(_nccl.Explain(result));
        if (_group != 0)
            _nccl.Abort(_group);        // else its kernels would wait on the device for ever
        var why = result is NcclResult.InProgress ? $"no answer within {_timeout.TotalSeconds:0} s" : _nccl.Explain(result);
        _lost = new PeerLostException($"Rank {Rank} lost another rank: {why}");
        throw _lost;
    }

    /// <param name="kept">An alias: the memory lives until the device is done with it, whatever becomes of the caller's scope.</param>
    private sealed class Pending(NcclGroup group, Tensor kept) : IPending
    {
        public void Wait()
        {
            using (kept)
                group.Complete();
        }
    }
}
