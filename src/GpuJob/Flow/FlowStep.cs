using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Flow;

/// <summary>A step of a linear multistep method: y' = Scale y + the sum over l of Pull[l] delta[k-l], where delta[k] is the pull of the zones at this step and delta[k-1] that at the step before.</summary>
/// <param name="Time">At which delta is taken.</param>
internal sealed record FlowStep(double Time, double Scale, double[] Pull)
{
    /// <summary>The point after this step, the <paramref name="k"/>-th.</summary>
    /// <param name="deltas">Those of the newest steps: that of step k lies in place k modulo their number.</param>
    internal Tensor Advance(Tensor y, Tensor[] deltas, int k)
    {
        var next = y * Scale;
        for (var back = 0; back < Pull.Length; back++)
            next.add_(deltas[(k - back) % deltas.Length], Pull[back]);
        return next;
    }
}
