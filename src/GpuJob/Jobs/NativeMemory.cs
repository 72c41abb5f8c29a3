using System.Runtime.InteropServices;

namespace LznPipeline.GpuJob.Jobs;

/// <summary>Tells the C library to keep the memory that a step frees, for the next step.</summary>
/// <remarks>
/// By default glibc gives large blocks back to the system at once and keeps a heap for each thread; libtorch's tensors are such blocks, and .NET moves from thread to thread. Then
/// a good part of an iteration goes into clearing fresh pages. Other C libraries have no such setting and are left alone.
/// </remarks>
internal static partial class NativeMemory
{
    private const int TrimThreshold = -1;
    private const int MmapThreshold = -3;
    private const int ArenaMax = -8;

    private static bool IsGlibc => OperatingSystem.IsLinux() && !RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal);

    internal static void KeepFreed()
    {
        if (!IsGlibc)
            return;
        _ = mallopt(ArenaMax, 1);
        _ = mallopt(MmapThreshold, 32 << 20);       // the most that glibc takes
        _ = mallopt(TrimThreshold, int.MaxValue);
    }

    /// <summary>Gives back what is free, once.</summary>
    internal static void GiveBackFreed()
    {
        if (IsGlibc)
            _ = malloc_trim(0);
    }

    [LibraryImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int malloc_trim(nuint pad);

    [LibraryImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int mallopt(int parameter, int value);
}
