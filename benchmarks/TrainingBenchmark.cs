using LznPipeline.GpuJob.Runtime;

namespace LznPipeline.Benchmarks;

/// <summary>
/// Trains a small preset on real images as a user would, and tells what came of it. Progress and the paths of the reports go to standard error.
/// </summary>
internal abstract class TrainingBenchmark : IBenchmark
{
    private protected const string Alone = "rectified flow alone";

    public abstract string Name { get; }

    public abstract string Summary { get; }

    public abstract IAsyncEnumerable<Measure> RunAsync(CancellationToken stop);

    private protected Task<CaseStudy> OpenAsync(CancellationToken stop)
    {
        NativeThreads.Settle();             // as the training program does
        NativeMemory.KeepFreed();
        return CaseStudy.OpenAsync(Name, stop);
    }

    private protected static Measure Time(CaseOutcome outcome, string of = "", CaseOutcome? alone = null) =>
        new($"processor time of training{of}", outcome.Processor.TotalMinutes, "min", alone is null ? null : Alone, alone?.Processor.TotalMinutes);

    private protected static Measure Elapsed(CaseOutcome outcome) => new("training by the clock", outcome.Elapsed.TotalMinutes, "min");

    private protected static Measure Percent(string name, CaseOutcome outcome, string figure, string? peer = null, string? peers = null) =>
        new(name, outcome.Figures[figure] * 100, "%", peer, peers is null ? null : outcome.Figures[peers] * 100);

    /// <summary>On the features of the one classifier that every evaluation trains anew, with one recipe and seed.</summary>
    private protected static Measure Distance(string name, CaseOutcome outcome, CaseOutcome? alone = null) => alone is null
        ? new Measure(name, outcome.Figures["frechet_distance"], "", "other real images", outcome.Figures["frechet_distance.real"])
        : new Measure(name, outcome.Figures["frechet_distance"], "", Alone, alone.Figures["frechet_distance"]);
}
