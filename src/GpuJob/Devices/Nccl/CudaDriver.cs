using System.Runtime.InteropServices;

namespace LznPipeline.GpuJob.Devices.Nccl;

/// <summary>
/// What NCCL leaves to its caller: which device a thread means, and when the device has done what it was given.
/// From CUDA's driver, whose library has one name everywhere.
/// </summary>
internal sealed unsafe class CudaDriver
{
    private const string Name = "libcuda.so.1";
    private const int NotReady = 600;
    private const nint Stream = 0;

    private readonly delegate* unmanaged<uint, int> _initialize;
    private readonly delegate* unmanaged<int*, int, int> _device;
    private readonly delegate* unmanaged<nint*, int, int> _context;
    private readonly delegate* unmanaged<nint, int> _enter;
    private readonly delegate* unmanaged<nint, int> _query;

    /// <param name="export">Gives a function of the library by name.</param>
    internal CudaDriver(Func<string, nint> export)
    {
        _initialize = (delegate* unmanaged<uint, int>)export("cuInit");
        _device = (delegate* unmanaged<int*, int, int>)export("cuDeviceGet");
        _context = (delegate* unmanaged<nint*, int, int>)export("cuDevicePrimaryCtxRetain");
        _enter = (delegate* unmanaged<nint, int>)export("cuCtxSetCurrent");
        _query = (delegate* unmanaged<nint, int>)export("cuStreamQuery");
    }

    internal static string Missing => $"CUDA's driver is not on this machine: the system finds no {Name}.";

    /// <returns>Null if there is none.</returns>
    internal static CudaDriver? Find() => NativeLibrary.TryLoad(Name, out var library) ? new CudaDriver(name => NativeLibrary.GetExport(library, name)) : null;

    /// <summary>The context of a device that libtorch uses too.</summary>
    internal nint Context(int index)
    {
        int device;
        nint context;
        Check(_initialize(0));
        Check(_device(&device, index));
        Check(_context(&context, device));
        return context;
    }

    /// <summary>From here on the calling thread means the device of this context.</summary>
    internal void Enter(nint context) => Check(_enter(context));

    /// <summary>Whether the calling thread's device has done all that it was given.</summary>
    internal bool IsIdle()
    {
        var result = _query(Stream);
        if (result != NotReady)
            Check(result);
        return result == 0;
    }

    private static void Check(int result)
    {
        if (result != 0)
            throw new InvalidOperationException($"CUDA's driver failed with error {result} (CUresult in cuda.h).");
    }
}
