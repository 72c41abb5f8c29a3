using LznPipeline.GpuJob.Evaluation.Metrics;
using LznPipeline.GpuJob.Runtime;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Evaluation.Metrics;

public sealed class FrechetDistanceTests
{
    [Fact]
    public void Of_SameFeatures_IsZero()
    {
        var features = Draw(seed: 1, 50, 8);

        Assert.InRange(FrechetDistance.Of(features, features), 0, 1e-10);
    }

    /// <summary>
    /// With whitened draws the covariances are exactly diagonal: the distance is the sum of (s1 - s2)^2 and of the squared difference of means.
    /// </summary>
    [Fact]
    public void Of_GaussiansOfKnownMomentsThatCommute_IsTheClosedForm()
    {
        var (scale1, scale2, shift) = (tensor(new[] { 1.0, 2, 0.5, 3 }), tensor(new[] { 2.0, 2, 0, 1 }), tensor(new[] { 1.0, -2, 0, 0.5 }));

        var distance = FrechetDistance.Of(Whitened(seed: 2, 400, 4) * scale1, Whitened(seed: 3, 90, 4) * scale2 + shift);

        Assert.Equal(1 + 0 + 0.25 + 4 + (1 + 4 + 0 + 0.25), distance, 9);
    }

    /// <summary>Covariances that do not commute, 2 x 2: tr (C1 C2)^1/2 = sqrt(tr(C1 C2) + 2 sqrt(det(C1 C2))).</summary>
    [Fact]
    public void Of_CovariancesThatDoNotCommute_IsTheClosedFormOfTwoDimensions()
    {
        var (root1, root2) = (tensor(new double[,] { { 2, 0 }, { 1.5, 0.5 } }), tensor(new double[,] { { 1, -1 }, { 0, 3 } }));

        var distance = FrechetDistance.Of(Whitened(seed: 4, 60, 2).matmul(root1), Whitened(seed: 5, 70, 2).matmul(root2));

        var (covariance1, covariance2) = (root1.t().matmul(root1), root2.t().matmul(root2));
        var product = covariance1.matmul(covariance2);
        var overlap = Math.Sqrt(product.trace().item<double>() + 2 * Math.Sqrt(product.det().item<double>()));
        Assert.Equal((covariance1 + covariance2).trace().item<double>() - 2 * overlap, distance, 9);
    }

    [Fact]
    public void Of_FewerImagesThanFeatures_KeepsItsAccuracy()
    {
        var features = Draw(seed: 6, 10, 200);

        Assert.InRange(FrechetDistance.Of(features, features), 0, 1e-9);
        Assert.Equal(200 * 0.25, FrechetDistance.Of(features, features + 0.5), 8);
    }

    [Fact]
    public void Of_MoreRowsThanOneBlock_IsThatOfTheWholeTable()
    {
        var (real, made) = (Draw(seed: 7, 100, 2), Draw(seed: 8, 30, 2) * 2);

        var covariance1 = real.t().cov();
        var covariance2 = made.t().cov();
        var eigenvalues = linalg.eigvals(covariance1.matmul(covariance2)).sqrt().sum();
        var expected = (real.mean([0]) - made.mean([0])).square().sum() + covariance1.trace() + covariance2.trace() - eigenvalues.real * 2;
        Assert.Equal(expected.item<double>(), FrechetDistance.Of(real, made), 10);
    }

    [Fact]
    public void Of_OneImage_SaysWhatItNeeds() =>
        Assert.Contains(
            "at least two rows",
            Assert.Throws<BadInputException>(() => FrechetDistance.Of(Draw(seed: 1, 9, 3), Draw(seed: 2, 1, 3))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Of_FeaturesOfOtherLength_NamesBothLengths() =>
        Assert.Contains(
            "3 numbers, those of generated ones 4",
            Assert.Throws<BadInputException>(() => FrechetDistance.Of(Draw(seed: 1, 9, 3), Draw(seed: 2, 9, 4))).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Of_FeaturesThatAreNaN_CountsThem()
    {
        var broken = Draw(seed: 1, 9, 3);
        broken[2] = tensor(double.NaN);

        Assert.Contains(
            "3 of 27 numbers in the features of the generated images",
            Assert.Throws<BadInputException>(() => FrechetDistance.Of(Draw(seed: 2, 9, 3), broken)).Message,
            StringComparison.Ordinal);
    }

    private static Tensor Draw(ulong seed, long rows, long columns) => randn(rows, columns, dtype: ScalarType.Float64, generator: new Generator(seed));

    /// <summary>Draws whose mean is 0 and whose unbiased covariance is the identity, both exactly.</summary>
    private static Tensor Whitened(ulong seed, long rows, long columns)
    {
        var draw = Draw(seed, rows, columns);
        return linalg.qr(draw - draw.mean([0], keepdim: true)).Q * Math.Sqrt(rows - 1);
    }
}
