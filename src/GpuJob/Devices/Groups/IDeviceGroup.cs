using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Devices.Groups;

/// <summary>The devices that train one model together, seen from one of them. Each belongs to a process of its own, its rank.</summary>
/// <remarks>
/// All ranks must begin the same operations in the same order, on contiguous tensors of the same shapes and types. A group that has lost a rank stays broken: every operation then
/// throws <see cref="PeerLostException"/>.
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
