using System.Runtime.InteropServices;
using Lzn.Torch;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Devices.Libtorch;

/// <summary>A device group over a process group of libtorch.</summary>
internal sealed class LibtorchGroup(ProcessGroup group, Device device, TimeSpan timeout) : IDeviceGroup
{
    private long _operations;
    private volatile bool _isBroken;

    public int Rank => group.Rank;

    public int Size => group.Size;

    public Device Device => device;

    public long Operations => Interlocked.Read(ref _operations);

    public bool IsBroken => _isBroken;

    public IPending Sum(Tensor tensor) => Begin(() => group.AllReduce(tensor));

    public Tensor Gather(Tensor own)
    {
        var gathered = empty([Size * own.shape[0], .. own.shape[1..]], own.dtype, own.device);
        Begin(() => group.AllGather(gathered, own)).Wait();
        return gathered;
    }

    public void Broadcast(Tensor tensor) => Begin(() => group.Broadcast(tensor, root: 0)).Wait();

    public void Dispose() => group.Dispose();

    private Pending Begin(Func<Work> operation)
    {
        Interlocked.Increment(ref _operations);
        using var frozen = no_grad();
        return Guarded(() => new Pending(this, operation()));
    }

    private T Guarded<T>(Func<T> operation)
    {
        try
        {
            return operation();
        }
        catch (ExternalException failed)
        {
            _isBroken = true;
            throw new PeerLostException($"Rank {Rank} lost another rank: {failed.Message}", failed);
        }
    }

    private void Complete(Work work)
    {
        using (work)
        {
            Guarded(() =>
            {
                work.Wait(timeout);
                return work;
            });
        }
    }

    private sealed class Pending(LibtorchGroup group, Work work) : IPending
    {
        public void Wait() => group.Complete(work);
    }
}
