using System.Globalization;

namespace LznPipeline.Benchmarks;

/// <summary>The most memory that this process has had resident, as Linux counts it.</summary>
internal static class PeakMemory
{
    /// <summary>Begins to count anew, from what is resident now.</summary>
    internal static void Restart() => File.WriteAllText("/proc/self/clear_refs", "5");

    internal static long Bytes()
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));      // such as "VmHWM:   123456 kB"
        return long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }
}
