using System.Diagnostics;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared.Jobs;
using Xunit.Abstractions;

namespace LznPipeline.GpuJob.Tests.Training;

/// <remarks>While no other test runs, and in a process that has come to its size: alone in a new one, memory rises once by 20 MiB at any time.</remarks>
[CollectionDefinition(nameof(TrainingMemoryTests), DisableParallelization = true)]
[Collection(nameof(TrainingMemoryTests))]
public sealed class TrainingMemoryTests(ITestOutputHelper output) : IDisposable
{
    private const int PerFifth = 8;

    // The nightly form takes minutes.
    private static readonly int Iterations = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("LZN_NIGHTLY")) ? 2000 : 5000;
    private static readonly int CheckpointEvery = Iterations / (5 * PerFifth);

    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    /// <summary>
    /// The second fifth against the last. A single look wavers by 16 MiB, as it meets a step anywhere; the median of eight by 5.
    /// Over the nightly form's 5,000 iterations the bounds see a leak of 6 KiB, and of 200 managed bytes, an iteration; over 2,000, of 14 KiB and of 450 bytes.
    /// </summary>
    [Fact]
    public async Task Train_ThousandsOfIterations_NeedsNoMoreMemoryThanAtTheBeginning()
    {
        await _place.PublishDatasetAsync();
        var job = Workplace.Train(Workplace.TinyRecipe(
            ("training.iterations", $"{Iterations + 1}"), ("training.checkpointEvery", $"{CheckpointEvery}"), ("training.samplesEvery", "250"),
            ("training.batchSize", "4"), ("training.decoderBatchSize", "2"),
            ("encoder.channels", "[8]"), ("decoder.channels", "[8]"), ("flow.steps", "2"), ("labelFlow.steps", "2")));
        var (seen, written) = (new List<(string Name, long Resident, long Managed)>(), 0);
        var store = new WatchedStore(_place.Store, name =>
        {
            if (name.Contains("/checkpoints/", StringComparison.Ordinal) && ++written is (> PerFifth and <= 2 * PerFifth) or > 4 * PerFifth)
                seen.Add(Measure(Path.GetFileName(name)));
        });

        Assert.Equal(ExitCode.Done, await _place.RunAsync(job, store: store));

        foreach (var (name, resident, managed) in seen)
            output.WriteLine($"{name}: {resident >> 10} KiB resident, {managed >> 10} KiB managed");
        Assert.Equal((Iterations / CheckpointEvery, 2 * PerFifth), (written, seen.Count));
        var (early, late) = (seen[..PerFifth], seen[PerFifth..]);
        Assert.InRange(Median(late.Select(each => each.Resident)) - Median(early.Select(each => each.Resident)), long.MinValue, 16 << 20);
        Assert.InRange(Median(late.Select(each => each.Managed)) - Median(early.Select(each => each.Managed)), long.MinValue, 512 << 10);
    }

    private static long Median(IEnumerable<long> values) => values.Order().ElementAt(PerFifth / 2);

    /// <summary>After .NET and the C library have given back what they hold free.</summary>
    /// <remarks>
    /// No more often than needed: a collection while another thread computes may let TorchSharp's finalizer free a number that native code is about to read
    /// (its <c>Scalar</c> is not kept alive for the call), which ends that computation with "Unknown scalar type".
    /// </remarks>
    private static (string Name, long Resident, long Managed) Measure(string name)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);       // also gives its free regions back
        var managed = GC.GetTotalMemory(forceFullCollection: true);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        NativeMemory.GiveBackFreed();
        using var self = Process.GetCurrentProcess();
        return (name, self.WorkingSet64, managed);
    }
}
