using System.Globalization;
using System.Runtime.InteropServices;

namespace LznPipeline.GpuJob.Runtime;

/// <summary>Settles how libtorch's threads work together: as many as there are processors, and none that spins for long while it waits.</summary>
/// <remarks>
/// OpenMP's threads spin at every barrier and so take the cores from the thread they wait for; on a busy machine an iteration can take a hundred times as long. Sleeping at once is no
/// better: an iteration has thousands of small operations, and waking costs more than most of them. A few microseconds of spinning serve both. These must be set before libtorch is
/// loaded, and in the C environment: .NET's own setter changes a copy of it. What the user has set stays.
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
