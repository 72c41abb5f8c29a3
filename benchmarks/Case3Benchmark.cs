using System.Runtime.CompilerServices;

namespace LznPipeline.Benchmarks;

/// <summary>How well <c>case3-small</c> reads labels on CIFAR-10, and draws images for them.</summary>
internal sealed class Case3Benchmark : TrainingBenchmark
{
    public override string Name => "case3";

    public override string Summary => "case3-small on CIFAR-10: accuracy of its classification, and Frechet distance of images for labels.";

    public override async IAsyncEnumerable<Measure> RunAsync([EnumeratorCancellation] CancellationToken stop)
    {
        var study = await OpenAsync(stop);
        var outcome = await study.RunAsync("joint", "case3-small", [], seed: 0, stop);
        yield return Time(outcome);
        yield return Elapsed(outcome);
        yield return Percent("accuracy, test images", outcome, "accuracy");
        yield return Percent("accuracy, train images", outcome, "accuracy.train.prior-0");
        yield return Percent("k-NN accuracy of anchors", outcome, "knn_accuracy");
        yield return Distance("Frechet distance of images for labels", outcome);
    }
}
