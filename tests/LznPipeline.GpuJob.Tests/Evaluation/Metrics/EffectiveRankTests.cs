using LznPipeline.GpuJob.Evaluation.Metrics;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Evaluation.Metrics;

public sealed class EffectiveRankTests
{
    /// <summary>Corners of a cross: mean 0, and the same spread along each of d axes.</summary>
    [Fact]
    public void Of_IsotropicPoints_IsTheDimension() => Assert.Equal(6, EffectiveRank.Of(cat([eye(6), -eye(6)]) + 3), 9);

    [Fact]
    public void Of_PointsOnALine_IsOne() => Assert.Equal(1, EffectiveRank.Of(linspace(-1, 4, 20).unsqueeze(1) * tensor(new[] { 1f, 2, 3 })), 5);

    [Fact]
    public void Of_KnownShares_IsTheirPerplexity()
    {
        var axes = cat([eye(2), -eye(2)]) * tensor(new[] { 3.0, 1 });

        Assert.Equal(Math.Exp(-(0.75 * Math.Log(0.75) + 0.25 * Math.Log(0.25))), EffectiveRank.Of(axes), 9);
    }

    [Fact]
    public void Of_OnePointManyTimes_IsZero() => Assert.Equal(0, EffectiveRank.Of(full([10, 4], 0.3)));
}
