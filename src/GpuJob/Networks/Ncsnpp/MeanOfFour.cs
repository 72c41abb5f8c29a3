using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>Halves the resolution: each place is the mean of a square of four.</summary>
/// <remarks>Without gradients the four are added in the published order, for the same reason as in <see cref="Normalization.NormSilu"/>; in training one pass does.</remarks>
internal sealed class MeanOfFour() : nn.Module<Tensor, Tensor>(nameof(MeanOfFour))
{
    /// <param name="x">[B, C, H, W].</param> <returns>[B, C, H/2, W/2].</returns>
    public override Tensor forward(Tensor x)
    {
        if (is_grad_enabled())
            return nn.functional.avg_pool2d(x, 2);
        using var columns = nn.functional.avg_pool2d(x, [1, 2]);
        return nn.functional.avg_pool2d(columns, [2, 1]);
    }
}
