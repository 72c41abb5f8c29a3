using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Devices.Groups;

/// <summary>The group of one: every operation is done before it begins.</summary>
/// <param name="device">Left out, the processor.</param>
internal sealed class SingleDevice(Device? device = null) : IDeviceGroup
{
    public int Rank => 0;

    public int Size => 1;

    public Device Device { get; } = device ?? CPU;

    public long Operations => 0;

    public bool IsBroken => false;

    public IPending Sum(Tensor tensor) => Completed.Instance;

    public Tensor Gather(Tensor own) => own.alias();

    public void Broadcast(Tensor tensor)
    {
        // rank 0 is the only one
    }

    public void Dispose()
    {
        // holds nothing
    }

    private sealed class Completed : IPending
    {
        internal static Completed Instance { get; } = new();

        public void Wait()
        {
            // there is nobody to wait for
        }
    }
}
