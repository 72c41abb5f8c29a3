using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Objectives;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Sampling;

/// <summary>Follows the decoder's velocity from noise to images in equal steps (lzn.md, section 5).</summary>
internal static class EulerSampler
{
    /// <param name="noise">N(0, I), [B, 3, S, S].</param> <param name="latents">[B, d].</param> <param name="labels">One-hot, [B, classes].</param>
    /// <returns>[B, 3, S, S], mostly in [-1, 1].</returns>
    internal static Tensor Draw(ImageDecoder decoder, Tensor noise, Tensor latents, Tensor labels, int steps) =>
        EulerSolver.Solve((x, t) => decoder.call(latents, labels, full(x.shape[0], t), x), noise, from: RectifiedFlowLoss.Epsilon, to: 1, steps);
}
