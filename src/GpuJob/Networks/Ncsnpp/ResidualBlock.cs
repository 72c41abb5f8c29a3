using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.GpuJob.Networks.Normalization;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>A residual block: [B, inputs, H, W], and the condition vector [B, C] after its activation (null in the encoder), to [B, outputs, H', W'].</summary>
internal abstract class ResidualBlock(string name, NcsnppOptions options, DropoutMasks dropout) : nn.Module<Tensor, Tensor?, Tensor>(name)
{
    private static readonly double RootOfTwo = Math.Sqrt(2);

    /// <summary>What is dropped before the second convolution.</summary>
    protected DropoutMask Dropout() => training && options.Dropout > 0 ? dropout.Next(options.Dropout) : default;

    /// <summary>skip + branch, over sqrt(2) if <paramref name="rescale"/>.</summary>
    internal static Tensor Sum(Tensor skip, Tensor branch, bool rescale)
    {
        var sum = skip + branch;
        return rescale ? sum.div_(RootOfTwo) : sum;
    }

    protected Tensor Sum(Tensor skip, Tensor branch) => Sum(skip, branch, options.SkipRescale);

    /// <summary>What the condition adds to each channel between the convolutions, [B, outputs]; null without a condition.</summary>
    protected static Tensor? Shift(Dense? dense, Tensor? condition) => dense is null || condition is null ? null : dense.call(condition);
}
