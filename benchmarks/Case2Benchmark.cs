using System.Runtime.CompilerServices;

namespace LznPipeline.Benchmarks;

/// <summary>What the representations of <c>case2-small</c> are worth on CIFAR-10, beside raw pixels and an untrained network of the same shape.</summary>
internal sealed class Case2Benchmark : TrainingBenchmark
{
    public override string Name => "case2";

    public override string Summary => "case2-small on CIFAR-10: k-NN accuracy of its representations, beside pixels and an untrained network.";

    public override async IAsyncEnumerable<Measure> RunAsync([EnumeratorCancellation] CancellationToken stop)
    {
        var study = await OpenAsync(stop);
        var outcome = await study.RunAsync("zones", "case2-small", [], seed: 0, stop);
        yield return Time(outcome);
        yield return Elapsed(outcome);
        yield return Percent("k-NN accuracy of anchors", outcome, "knn_accuracy", "pixels", "knn_accuracy.pixels");
        yield return Percent("k-NN accuracy of anchors", outcome, "knn_accuracy", "untrained network", "knn_accuracy.untrained");
        yield return Percent("k-NN accuracy before the head", outcome, "knn_accuracy.features", "pixels", "knn_accuracy.pixels");
        yield return Percent("linear probe of anchors, top 1", outcome, "linear_probe_top1");
        yield return Percent("linear probe before the head, top 1", outcome, "linear_probe_top1.features");
        yield return new Measure("effective rank of anchors", outcome.Figures["effective_rank"], "directions");
    }
}
