using LznPipeline.GpuJob.Sampling;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Sampling;

/// <summary>The problems of <c>scipy/rk45.py</c>, by the names that they have there.</summary>
internal static class SmallProblems
{
    internal static Velocity VelocityOf(string problem) => problem switch
    {
        "rotation" => Rotation,
        "logistic" => (x, _) => 4 * x * (1 - x),
        "flame" => (x, _) => x.pow(2) - x.pow(3),
        "relaxation" => (x, t) => -300 * (x - Math.Cos(t)),
        "van_der_pol" => VanDerPol,
        "two_points" => TwoPoints,
        _ => throw new ArgumentOutOfRangeException(nameof(problem), problem, "Not among those of the script."),
    };

    /// <summary>x' = (1 + t) (x_1, -x_0).</summary>
    internal static Tensor Rotation(Tensor x, double t) => x.flip(0) * tensor(new[] { 1 + t, -1 - t }, dtype: x.dtype);

    private static Tensor VanDerPol(Tensor x, double t)
    {
        var (x0, x1) = (x[0].item<double>(), x[1].item<double>());
        return tensor(new[] { x1, 10 * (1 - x0 * x0) * x1 - x0 });
    }

    /// <summary>Rectified flow from N(0, 1) to the points 2 and -1, each blurred by 0.2.</summary>
    private static Tensor TwoPoints(Tensor x, double t)
    {
        var variance = Math.Pow(0.2 * t, 2) + Math.Pow(1 - t, 2);
        var (far, near) = ((x - 2 * t) / variance, (x + t) / variance);
        var share = ((near * (x + t) - far * (x - 2 * t)) / 2).sigmoid();
        var slope = 0.04 * t - (1 - t);
        return share * (2 + slope * far) + (1 - share) * (-1 + slope * near);
    }
}
