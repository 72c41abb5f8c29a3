using System.Globalization;
using System.Runtime.ExceptionServices;
using LznPipeline.GpuJob.Runtime;

namespace LznPipeline.GpuJob.Data.Reading;

/// <summary>How much of the machine reading may take. None of it changes what is read.</summary>
/// <param name="Threads">Threads that decode and vary images.</param>
/// <param name="HeldBytes">Most memory for pictures that are held decoded; larger sets are read from their shards each time.</param>
/// <param name="CacheFolder">Where shards of a storage service are kept as files from job to job; null to keep them for one job only.</param>
internal sealed record DataSettings(int Threads, long HeldBytes, string? CacheFolder)
{
    internal const string ThreadsName = "LZN_DATA_THREADS";
    internal const string HeldName = "LZN_DATA_MEMORY_MB";
    internal const string CacheName = "LZN_CACHE_DIR";

    /// <summary>From the environment; by default all processors, a quarter of the memory, and nothing kept.</summary>
    /// <exception cref="BadInputException">A variable is set to something that it cannot mean.</exception>
    internal static DataSettings FromEnvironment() => new(
        (int)(Number(ThreadsName, 1, 1024, "threads that decode images") ?? Environment.ProcessorCount),
        Number(HeldName, 0, long.MaxValue >> 20, "megabytes of memory for decoded images") << 20 ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4,
        Environment.GetEnvironmentVariable(CacheName) is { Length: > 0 } folder ? folder : null);

    /// <summary>The part of one of several processes on a machine.</summary>
    internal DataSettings SharedBy(int processes) => this with { Threads = Math.Max(1, Threads / processes), HeldBytes = HeldBytes / processes };

    private static long? Number(string name, long least, long most, string meaning)
    {
        if (Environment.GetEnvironmentVariable(name) is not { Length: > 0 } text)
            return null;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new BadInputException(
                $"The environment variable {name} is '{text}'. Allowed: {meaning}, a whole number from {least} to {most}. Leave it out for the default.");
    }
}

/// <summary>Work on many images by several threads, each with tools of its own.</summary>
internal static class Together
{
    /// <param name="tools">Makes what one thread needs.</param>
    /// <remarks>What goes wrong first is thrown as it is.</remarks>
    internal static void Do<TTools>(int count, int threads, Func<TTools> tools, Action<int, TTools> work)
    {
        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, tools, (number, _, own) =>
            {
                work(number, own);
                return own;
            }, _ => { });
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
    }
}
