using Lzn.Torch.Interop;
using TorchSharp;

namespace Lzn.Torch;

/// <summary>Memory of a CUDA device as libtorch's allocator sees it, in bytes: held by tensors now, at most so far, and reserved from the driver.</summary>
public sealed record DeviceMemory(long AllocatedBytes, long PeakBytes, long ReservedBytes)
{
    /// <summary>Asks the allocator of the device; null where this libtorch keeps the figures to itself (before 2.9).</summary>
    /// <exception cref="System.Runtime.InteropServices.ExternalException">There is no CUDA device.</exception>
    public static unsafe DeviceMemory? Of(torch.Device device)
    {
        long allocated, peak, reserved;
        Native.Check(Native.lzn_cuda_memory(Math.Max(device.index, 0), &allocated, &peak, &reserved));
        return allocated < 0 ? null : new DeviceMemory(allocated, peak, reserved);
    }
}
