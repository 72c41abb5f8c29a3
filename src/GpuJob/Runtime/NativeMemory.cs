using System.Runtime.InteropServices;

namespace LznPipeline.GpuJob.Runtime;

/// <summary>Tells the C library to keep the memory that a step frees, for the next step.</summary>
/// <remarks>
/// By default glibc gives large blocks back to the system at once and keeps a heap for each thread; libtorch's tensors are such blocks, and .NET moves from thread to thread. Then
/// a good part of an iteration goes into clearing fresh pages. Other C libraries have no such setting and are left alone.
/// What is kept must be looked after. libtorch asks for aligned blocks, and glibc before 2.38 cuts them so that a freed one does not fit the next request of its size: with a batch of
/// 2,048 the latent flow left 850 MiB an iteration behind, free and of no use. So that is given back when it has become much.
/// </remarks>
internal static partial class NativeMemory
{
    private const int TrimThreshold = -1;
    private const int MmapThreshold = -3;
    private const int ArenaMax = -8;

    /// <summary>Clearing a gigabyte again takes a quarter of a second: not to be done more often than this.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private static Timer? _watch;

    private static bool IsGlibc => OperatingSystem.IsLinux() && !RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal);

    internal static void KeepFreed()
    {
        if (!IsGlibc)
            return;
        _ = mallopt(ArenaMax, 1);
        _ = mallopt(MmapThreshold, 32 << 20);       // the most that glibc takes
        _ = mallopt(TrimThreshold, int.MaxValue);
        var kept = new KeptMemory(() => Environment.WorkingSet, GiveBackFreed);
        _watch ??= new Timer(_ => kept.Look(), state: null, Pause, Pause);
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

/// <summary>Decides when memory that was freed is given back to the system: when more is resident than was needed until now.</summary>
/// <param name="resident">Bytes of this process in memory.</param>
/// <param name="giveBack">Gives back what is free.</param>
internal sealed class KeptMemory(Func<long> resident, Action giveBack)
{
    private long _limit = 512 << 20;

    /// <summary>To be called now and then. What is in use is cleared anew at most once for as much that had piled up.</summary>
    internal void Look()
    {
        if (resident() <= _limit)
            return;
        giveBack();
        _limit = Math.Max(_limit, 2 * resident());
    }
}
