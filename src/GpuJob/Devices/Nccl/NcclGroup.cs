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
    /// <param name="id">The same for all, from <see cref="NcclLibrary.NewId"/>.</param> <param name="timeout">How long to wait for another rank, here and in every operation.</param>
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

    public IPending Sum(Tensor tensor) => Begin(tensor, () => _nccl.Sum(_group, Address(tensor), tensor.numel(), NcclType.Of(tensor.dtype)));

    public Tensor Gather(Tensor own)
    {
        var all = empty([Size * own.shape[0], .. own.shape[1..]], own.dtype, own.device);
        Begin(own, () => _nccl.Gather(_group, Address(own), Address(all), own.numel(), NcclType.Of(own.dtype))).Wait();
        return all;
    }

    public void Broadcast(Tensor tensor) => Begin(tensor, () => _nccl.Broadcast(_group, Address(tensor), tensor.numel(), NcclType.Of(tensor.dtype))).Wait();

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

    /// <summary>Where a tensor's first value lies, on its device.</summary>
    internal static nint Address(Tensor tensor) => tensor.storage<byte>().data_ptr() + (nint)(tensor.storage_offset() * tensor.element_size());

    private Pending Begin(Tensor tensor, Func<NcclResult> operation)
    {
        if (!tensor.is_contiguous())
            throw new ArgumentException("Only contiguous tensors can be exchanged.", nameof(tensor));
        if (_lost is { } lost)
            throw new PeerLostException(lost.Message, lost);
        Interlocked.Increment(ref _operations);
        _cuda.Enter(_context);
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

    /// <summary>Waits until the device is done.</summary>
    private void Complete()
    {
        _cuda.Enter(_context);
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
