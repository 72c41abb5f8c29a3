using LznPipeline.GpuJob.Evaluation.Metrics;

namespace LznPipeline.Golden.Tests;

[Trait("Category", "Golden")]
public sealed class MetricsTests
{
    private readonly Golden _golden = Golden.Open("metrics");

    [Fact]
    public void FrechetDistance_PublishedFeatures_IsWithin1e6() =>
        Assert.InRange(FrechetDistance.Of(_golden.InMemory("real"), _golden.InMemory("fake")) - Expected("frechet"), -1e-6, 1e-6);

    [Fact]
    public void InceptionScore_PublishedLogits_IsWithin1e6() =>
        Assert.InRange(InceptionScore.Of(_golden.InMemory("logits")) - Expected("inception_score"), -1e-6, 1e-6);

    [Fact]
    public void PrecisionRecall_PublishedFeatures_IsWithin1e6()
    {
        var (precision, recall) = PrecisionRecall.Of(_golden.InMemory("real"), _golden.InMemory("fake"));

        Assert.InRange(precision - Expected("precision_k3"), -1e-6, 1e-6);
        Assert.InRange(recall - Expected("recall_k3"), -1e-6, 1e-6);
    }

    private double Expected(string name) => _golden.InMemory(name).item<double>();
}
