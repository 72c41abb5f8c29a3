using System.Globalization;
using LznPipeline.GpuJob.Runtime;

namespace LznPipeline.GpuJob.Training.Trials;

/// <summary>Memory that this process has resident, as Linux counts it.</summary>
internal static class ProcessMemory
{
    /// <summary>What some work needs more, at its peak, than is resident before it; bytes. Null where the system does not tell.</summary>
    internal static long? PeakOf(Action work)
    {
        NativeMemory.GiveBackFreed();
        if (!TryRestartPeak())
        {
            work();
            return null;
        }

        var before = Bytes("VmRSS:");
        work();
        return Math.Max(0, Bytes("VmHWM:") - before);
    }

    /// <summary>Makes the peak what is resident now.</summary>
    private static bool TryRestartPeak()
    {
        try
        {
            File.WriteAllText("/proc/self/clear_refs", "5");
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;       // another system, or a container that does not allow it
        }
    }

    private static long Bytes(string field)
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(field, StringComparison.Ordinal));      // such as "VmHWM:   123456 kB"
        return long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;
    }
}
