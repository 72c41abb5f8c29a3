using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>A residual block: [B, inputs, H, W], and the condition vector [B, C] after its activation (null in the encoder), to [B, outputs, H', W'].</summary>
internal abstract class ResidualBlock(string name) : nn.Module<Tensor, Tensor?, Tensor>(name)
{
    private static readonly double HalfVariance = Math.Sqrt(0.5);

    /// <summary>branch + skip, over sqrt(2) if <paramref name="rescale"/>. Computed in the memory of <paramref name="branch"/>, which must be fresh.</summary>
    internal static Tensor Sum(Tensor branch, Tensor skip, bool rescale) => rescale ? branch.add_(skip).mul_(HalfVariance) : branch.add_(skip);
}
