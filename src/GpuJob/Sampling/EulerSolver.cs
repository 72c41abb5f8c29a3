using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Sampling;

/// <summary>Follows a velocity in equal steps, forwards or backwards in time (docs/method.md, section 5).</summary>
internal static class EulerSolver
{
    /// <param name="x">Where the path begins, [B, ...]; left as it is.</param>
    /// <param name="from">Time at the beginning.</param> <param name="to">Time at the end; before <paramref name="from"/> for the inverse.</param>
    /// <param name="visited">Is shown the point after each step; null if nobody looks.</param>
    /// <returns>Where the path ends.</returns>
    internal static Tensor Solve(Velocity velocity, Tensor x, double from, double to, int steps, Waypoint? visited = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        using var inference = no_grad();
        var h = (to - from) / steps;
        x = x.clone();
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            x.add_(velocity(x, from + step * h), alpha: h);
            visited?.Invoke(x, from + (step + 1) * h);
        }

        return x;
    }
}
