using System.Runtime.InteropServices;
using Lzn.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    private static ScalarType s_defaultType = ScalarType.Float32;
    private static Device? s_defaultDevice;

    /// <summary>The version of the libtorch that the shim was built against.</summary>
    public static unsafe string __version__ => Marshal.PtrToStringUTF8((nint)Native.lzn_torch_version())!; // the shim's constant, never null

    public static ScalarType get_default_dtype() => s_defaultType;

    public static void set_default_dtype(ScalarType dtype)
    {
        if (!is_floating_point(dtype)) throw new ArgumentException($"The default element type must be a floating point type, not {dtype}.", nameof(dtype));
        s_defaultType = dtype;
    }

    public static Device get_default_device() => s_defaultDevice ?? CPU;
    public static void set_default_device(Device device) => s_defaultDevice = device;
    public static void set_default_device(string device) => s_defaultDevice = new Device(device);

    public static int get_num_threads() => Native.lzn_get_num_threads();
    public static void set_num_threads(int num) => Native.Check(Native.lzn_set_num_threads(num));
    public static int get_num_interop_threads() => Native.lzn_get_num_interop_threads();
    public static void set_num_interop_threads(int num) => Native.Check(Native.lzn_set_num_interop_threads(num));

    public static bool cuda_is_available() => cuda.is_available();

    /// <summary>NVIDIA's devices, where libtorch was built for them and a driver is there.</summary>
    public static class cuda
    {
        public static bool is_available() => device_count() > 0;
        public static bool is_cudnn_available() => Native.lzn_cuda_has_cudnn() != 0;
        public static int device_count() => Native.lzn_cuda_device_count();
        public static void manual_seed(long seed) => random.manual_seed(seed);
        public static void manual_seed_all(long seed) => random.manual_seed(seed);

        /// <summary>Waits until all work on the device is done.</summary>
        public static void synchronize(Device? device = null) => Native.Check(Native.lzn_cuda_synchronize(device?.index ?? -1));
    }
}
