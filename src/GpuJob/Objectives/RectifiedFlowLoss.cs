using LznPipeline.GpuJob.Networks.Common;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Objectives;

/// <summary>How well the decoder knows the straight way from noise to the image, given its latent and label (docs/method.md, section 3, case 1).</summary>
internal static class RectifiedFlowLoss
{
    /// <summary>Times are drawn from here to 1.</summary>
    internal const double Epsilon = 1e-3;

    /// <param name="decoder">As <see cref="ImageDecoder"/>.</param>
    /// <param name="x1">Images, [B, 3, S, S] in [-1, 1].</param> <param name="x0">Noise, N(0, I), like the images.</param>
    /// <param name="t">Uniform in (1e-3, 1), [B].</param>
    /// <param name="latents">[B, d].</param> <param name="labels">One-hot, [B, classes].</param>
    /// <returns>Mean over everything of the squared difference between true and told velocity.</returns>
    internal static Tensor Of(Func<Tensor, Tensor, Tensor, Tensor, Tensor> decoder, Tensor x1, Tensor x0, Tensor t, Tensor latents, Tensor labels)
    {
        var s = t.view(-1, 1, 1, 1);
        var xt = s * x1 + (1 - s) * x0;
        return (x1 - x0 - decoder(latents, labels, t, xt)).square().mean();
    }
}
