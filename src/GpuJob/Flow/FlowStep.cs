using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Flow;

/// <summary>
/// A step of a linear multistep method: y' = Scale y + the sum over l of Coefficients[l] delta[k-l], with the pull of the zones at this step, delta[k],
/// and at those before.
/// </summary>
/// <param name="Time">At which delta is taken.</param>
internal sealed record FlowStep(double Time, double Scale, double[] Coefficients)
{
    /// <summary>The point after this step, the <paramref name="k"/>-th.</summary>
    /// <param name="deltas">Of all steps so far.</param>
    internal Tensor Advance(Tensor y, IReadOnlyList<Tensor> deltas, int k)
    {
        var next = y * Scale;
        for (var back = 0; back < Coefficients.Length; back++)
            next.add_(deltas[k - back], Coefficients[back]);
        return next;
    }
}
