using LznPipeline.GpuJob.Evaluation.Metrics;
using LznPipeline.GpuJob.Runtime;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Evaluation.Metrics;

public sealed class PrecisionRecallTests
{
    [Fact]
    public void Of_SameSets_IsOneAndOne()
    {
        var features = Draw(1, 60);

        Assert.Equal((1, 1), PrecisionRecall.Of(features, features));
    }

    [Fact]
    public void Of_SetsFarApart_IsZeroAndZero() => Assert.Equal((0, 0), PrecisionRecall.Of(Draw(1, 60), Draw(2, 50) + 100));

    [Fact]
    public void Of_HalfTheModes_HasPrecisionOneAndRecallAHalf()
    {
        var (here, there) = (Draw(1, 40), Draw(2, 40) + 100);

        var (precision, recall) = PrecisionRecall.Of(cat([here, there]), here);

        Assert.Equal(1, precision);
        Assert.Equal(0.5, recall);
    }

    /// <summary>Real points 0, 1, 2, 3 and 10 on a line: the third neighbours are at 3, 2, 2, 3 and 9.</summary>
    [Theory]
    [InlineData(5.9, 1)]        // within 3 of the point 3
    [InlineData(-3.1, 0)]       // just outside of all
    [InlineData(18.9, 1)]       // within 9 of the point 10
    [InlineData(19.1, 0)]
    public void Of_PointsOnALine_CountsThoseWithinTheThirdNeighbourOfAny(double place, double expected)
    {
        var real = tensor(new double[,] { { 0 }, { 1 }, { 2 }, { 3 }, { 10 } });

        var (precision, _) = PrecisionRecall.Of(real, full([4, 1], place, dtype: ScalarType.Float64));

        Assert.Equal(expected, precision);
    }

    [Fact]
    public void Of_ThreeImages_SaysHowManyItNeeds() =>
        Assert.Contains(
            "more than 3 images",
            Assert.Throws<BadInputException>(() => PrecisionRecall.Of(Draw(1, 60), Draw(1, 3))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void ForEach_MoreThanOneBlock_GivesEveryDistance()
    {
        var (x, y) = (Draw(1, 500), Draw(2, 1 << 14));
        var parts = new List<Tensor>();

        DistanceBlocks.ForEach(x, y, (start, block) =>
        {
            Assert.Equal(parts.Sum(part => part.shape[0]), start);
            parts.Add(block.MoveToOuterDisposeScope());
        });

        Assert.True(parts.Count > 1);
        Assert.InRange((cat(parts).sqrt() - cdist(x, y)).abs().max().item<double>(), 0, 1e-6);
    }

    private static Tensor Draw(ulong seed, long rows) => randn(rows, 5, dtype: ScalarType.Float64, generator: new Generator(seed));
}
