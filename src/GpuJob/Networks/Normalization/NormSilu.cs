using LznPipeline.GpuJob.Networks.Common;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Normalization;

/// <summary>Group normalisation and SiLU with what stands around them in the networks: a shift of each channel before, dropout behind.</summary>
internal static class NormSilu
{
    /// <param name="x">[B, C, H, W]; with a shift it must be fresh, and is overwritten.</param> <param name="shift">[B, C], or null.</param>
    /// <param name="dropout">What becomes 0, the other elements grow in turn; null for nothing.</param>
    /// <returns>A new tensor like <paramref name="x"/>.</returns>
    internal static Tensor Forward(GroupNorm norm, Tensor x, Tensor? shift = null, DropoutMask? dropout = null)
    {
        using var scope = NewDisposeScope();
        var y = norm.Normalize(shift is null ? x : x.add_(shift.unsqueeze(2).unsqueeze(3))).silu();
        return (dropout?.Apply(y) ?? y).MoveToOuterDisposeScope();
    }
}
