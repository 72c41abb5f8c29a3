using LznPipeline.GpuJob.Evaluation.Metrics;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Evaluation.Metrics;

public sealed class InceptionScoreTests
{
    [Fact]
    public void Of_UniformLogits_IsOne() => Assert.Equal(1, InceptionScore.Of(zeros(12, 10)), 12);

    [Fact]
    public void Of_CertainAndEvenlySpreadClasses_IsTheirNumber() =>
        Assert.Equal(10, InceptionScore.Of(nn.functional.one_hot(arange(40, dtype: ScalarType.Int64) % 10, 10) * 2000.0), 9);

    [Fact]
    public void Of_Splits_AveragesTheirScores()
    {
        var certain = nn.functional.one_hot(arange(4, dtype: ScalarType.Int64) % 4, 4) * 2000.0;

        Assert.Equal((4 + 4 + 2) / 3.0, InceptionScore.Of(cat([certain, certain, certain.narrow(0, 0, 2)]), splitSize: 4), 9);
    }
}
