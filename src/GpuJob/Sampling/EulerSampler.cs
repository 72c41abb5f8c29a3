using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Objectives;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Sampling;

/// <summary>Follows the decoder's velocity from noise to images in equal steps (lzn.md, section 5).</summary>
internal static class EulerSampler
{
    /// <param name="noise">N(0, I), [B, 3, S, S].</param> <param name="latents">[B, d].</param> <param name="labels">One-hot, [B, classes].</param>
    /// <returns>[B, 3, S, S], mostly in [-1, 1].</returns>
    internal static Tensor Draw(ImageDecoder decoder, Tensor noise, Tensor latents, Tensor labels, int steps)
    {
        using var inference = no_grad();
        var h = (1 - RectifiedFlowLoss.Epsilon) / steps;
        var x = noise.clone();
        for (var step = 0; step < steps; step++)
        {
            using var scope = NewDisposeScope();
            var t = full(noise.shape[0], RectifiedFlowLoss.Epsilon + step * h);
            x.add_(decoder.call(latents, labels, t, x), alpha: h);
        }

        return x;
    }
}
