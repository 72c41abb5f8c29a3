using LznPipeline.GpuJob.Evaluation.Metrics;
using LznPipeline.GpuJob.Runtime;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Evaluation.Metrics;

public sealed class NearestNeighboursTests
{
    [Fact]
    public void Predict_ClustersApart_FindsEachOnesOwn()
    {
        var labels = arange(90, dtype: ScalarType.Int64) % 3;
        var features = nn.functional.one_hot(labels, 3) * 5 + randn(90, 3, generator: new Generator(1)) * 0.1;

        // a cosine knows no length
        Assert.Equal(labels.data<long>().ToArray(), NearestNeighbours.Predict(features, labels, features * 7, classes: 3).data<long>().ToArray());
    }

    /// <summary>One near neighbour outweighs two that are a little farther exactly when exp(ds / T) is over 2.</summary>
    [Theory]
    [InlineData(0.05, 0)]
    [InlineData(0.50, 1)]
    public void Predict_OneNearAgainstTwoFarther_IsDecidedByTheTemperature(double temperature, long expected)
    {
        var known = tensor(new float[,] { { 1, 0.1f }, { 1, 0.5f }, { 1, 0.5f }, { -1, 0 } });
        var labels = tensor(new long[] { 0, 1, 1, 0 });

        var predicted = NearestNeighbours.Predict(known, labels, tensor(new float[,] { { 1, 0 } }).expand(2, 2), classes: 2, k: 3, temperature);

        Assert.Equal([expected, expected], predicted.data<long>().ToArray());
    }

    [Fact]
    public void Predict_FewerImagesThanNeighbours_SaysHowManyItNeeds() =>
        Assert.Contains(
            "at least 20",
            Assert.Throws<BadInputException>(() => NearestNeighbours.Predict(ones(5, 2), zeros(5, dtype: ScalarType.Int64), ones(5, 2), 2)).Message,
            StringComparison.Ordinal);
}
