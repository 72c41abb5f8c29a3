using System.Globalization;
using System.Runtime.InteropServices;

namespace LznPipeline.GpuJob.Runtime;

/// <summary>Tells the C library to keep the memory that a step frees, for the next step.</summary>
/// <remarks>
/// By default glibc gives large blocks back to the system at once and keeps a heap for each thread; libtorch's tensors are such blocks, and .NET moves from
/// thread to thread. Then a good part of an iteration goes into clearing fresh pages. Other C libraries have no such setting and are left alone.
/// What is kept must be looked after. libtorch asks for aligned blocks, and glibc before 2.38 cuts them so that a freed one does not fit the next request of
/// its size: with a batch of 2,048 the latent flow left 850 MiB an iteration behind, free and of no use. So that is given back when it has become much.
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

/// <summary>Settles how libtorch's threads work together: as many as there are processors, and none that spins for long while it waits.</summary>
/// <remarks>
/// OpenMP's threads spin at every barrier and so take the cores from the thread they wait for; on a busy machine an iteration can take a hundred times as long.
/// Sleeping at once is no better: an iteration has thousands of small operations, and waking costs more than most of them. A few microseconds of spinning serve
/// both. These must be set before libtorch is loaded, and in the C environment: .NET's own setter changes a copy of it. What the user has set stays.
/// </remarks>
internal static partial class NativeThreads
{
    /// <summary>Variables of the environment, for a process that shall compute in the same way.</summary>
    /// <param name="processes">That share the processors.</param>
    internal static IReadOnlyDictionary<string, string> Settings(int processes = 1) => new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["OMP_NUM_THREADS"] = Math.Max(1, Environment.ProcessorCount / processes).ToString(CultureInfo.InvariantCulture),
        ["GOMP_SPINCOUNT"] = "2000",
    };

    /// <param name="processes">That share the processors.</param>
    internal static void Settle(int processes = 1)
    {
        foreach (var (name, value) in Settings(processes))
            Set(name, value);
    }

    private static void Set(string name, string value) => _ = setenv(name, value, overwrite: 0);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int setenv(string name, string value, int overwrite);
}

/// <summary>Ends the process without waiting for anything.</summary>
/// <remarks>
/// In an orderly end the C library destroys what native libraries hold. A process of a group may have threads in there that wait for a rank which is gone;
/// destroying things under them crashes or hangs.
/// </remarks>
internal static partial class ProcessEnd
{
    /// <returns>Never, but for systems without such a call.</returns>
    internal static int Now(int exitCode)
    {
        Console.Out.Flush();
        Console.Error.Flush();
        if (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
            _exit(exitCode);
        return exitCode;
    }

    [LibraryImport("libc"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void _exit(int status);
}
