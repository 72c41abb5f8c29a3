using System.Runtime.InteropServices;

namespace LznPipeline.GpuJob.Jobs;

/// <summary>Tells libtorch's thread pool to sleep while it waits.</summary>
/// <remarks>
/// By default OpenMP's threads spin at every barrier. On a machine that runs anything else, they then take the cores from the very thread they wait for, and an
/// iteration can take a hundred times as long. It must be set before libtorch is loaded, and in the C environment: .NET's own setter changes a copy of it.
/// </remarks>
internal static partial class NativeThreads
{
    internal static void WaitAsleep() => _ = setenv("OMP_WAIT_POLICY", "PASSIVE", overwrite: 0);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int setenv(string name, string value, int overwrite);
}
