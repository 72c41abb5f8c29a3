using LznPipeline.GpuJob.Autograd;
using LznPipeline.GpuJob.Runtime;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Devices.Groups;

/// <summary>The devices that train one model together, seen from one of them. Each belongs to a process of its own, its rank.</summary>
/// <remarks>
/// All ranks must begin the same operations in the same order, on contiguous tensors of the same shapes and types. A group that has lost a rank stays broken:
/// every operation then throws <see cref="PeerLostException"/>.
/// </remarks>
internal interface IDeviceGroup : IDisposable
{
    /// <summary>From 0; rank 0 is the one that saves and reports.</summary>
    int Rank { get; }

    int Size { get; }

    /// <summary>Where this rank's tensors are.</summary>
    Device Device { get; }

    /// <summary>Operations begun so far. In step with the other ranks', so a rank that lags behind is the one that hangs.</summary>
    long Operations { get; }

    /// <summary>Whether an operation has failed because of another rank.</summary>
    bool IsBroken { get; }

    /// <summary>Begins to add up the ranks' tensors; each becomes the sum, the same bits everywhere.</summary>
    /// <param name="tensor">Not to be read, changed or resized before the result was waited for.</param>
    IPending Sum(Tensor tensor);

    /// <summary>The ranks' tensors one after the other.</summary>
    /// <param name="own">[n, ...].</param>
    /// <returns>[size n, ...], by rank.</returns>
    Tensor Gather(Tensor own);

    /// <summary>Overwrites the tensor with that of rank 0.</summary>
    void Broadcast(Tensor tensor);
}

/// <summary>An operation of a group that is under way.</summary>
internal interface IPending
{
    /// <summary>Returns when the result is in the tensor. To be called once.</summary>
    /// <exception cref="PeerLostException">Another rank is gone, or did not take part in time.</exception>
    void Wait();
}

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

/// <summary>How a batch is shared among the ranks: rank r has the rows r, r + size, r + 2 size, ...</summary>
internal static class Rows
{
    /// <summary>Own rows of what belongs to the whole batch.</summary>
    /// <param name="whole">[B, ...]; B is a multiple of the group's size.</param>
    /// <returns>[B / size, ...].</returns>
    internal static Tensor Own(this IDeviceGroup group, Tensor whole) =>
        group.Size == 1 ? whole : whole.slice(0, group.Rank, whole.shape[0], group.Size).contiguous();

    /// <summary>Where own rows stand among gathered ones, int64 [count].</summary>
    internal static Tensor Indexes(this IDeviceGroup group, long count, Device? device = null) =>
        arange(group.Rank * count, (group.Rank + 1) * count, dtype: ScalarType.Int64, device: device);

    /// <summary>Adds up the ranks' tensors and waits for the sum.</summary>
    internal static Tensor SumNow(this IDeviceGroup group, Tensor tensor)
    {
        group.Sum(tensor).Wait();
        return tensor;
    }
}

/// <summary>Gathers rows of all ranks so that gradients flow back: what every rank's loss says of a row arrives at the rank it came from.</summary>
internal sealed class GatheredRows : OwnGradient<GatheredRows, IDeviceGroup>
{
    /// <param name="own">[n, ...], the same shape on every rank.</param>
    /// <returns>[size n, ...], by rank; <see cref="Rows.Indexes"/> says where own rows stand.</returns>
    internal static Tensor Of(Tensor own, IDeviceGroup group) => group.Size == 1 ? own : Apply(group, own)[0];

    protected override (Tensor[] Outputs, Tensor?[] Kept) Forward(IDeviceGroup state, Tensor?[] inputs) =>
        ([state.Gather(inputs[0]!.contiguous())], []);          // Of gives it

    protected override Tensor?[] Backward(IDeviceGroup state, Tensor?[] gradients, IReadOnlyList<Tensor?> kept)
    {
        var sum = state.SumNow(gradients[0]!.clone().contiguous());         // there is one, as there is one output
        var count = sum.shape[0] / state.Size;
        return [sum.narrow(0, state.Rank * count, count)];
    }
}

/// <summary>An operation of a device group could not be completed, because of another rank or of the way to it.</summary>
internal sealed class PeerLostException(string message, Exception? cause = null) : Exception(message, cause), IJobEnding
{
    public int ExitCode => Shared.Jobs.ExitCode.TryAgain;
}

/// <summary>The ranks could not come together. Trying again may help.</summary>
internal sealed class GroupUnavailableException(string message, Exception? cause = null) : Exception(message, cause), IJobEnding
{
    public int ExitCode => Shared.Jobs.ExitCode.TryAgain;
}
