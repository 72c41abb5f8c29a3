using LznPipeline.GpuJob.Networks.Common;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Normalization;

/// <summary>Group normalisation and SiLU with what stands around them in the networks: a shift of each channel before, dropout behind.</summary>
/// <remarks>
/// On the way of a gradient through the CPU, in float32, this is one pass over memory, which is what bounds it there; a norm alone or with a ReLU has too little to save. Otherwise libtorch's own
/// operators do it: on other devices they are as fast, and without gradients their rounding is that of the published samplers, which an adaptive step length magnifies.
/// </remarks>
internal static class NormSilu
{
    /// <param name="x">[B, C, H, W]; with a shift it must be fresh, and may be overwritten.</param> <param name="shift">[B, C], or null.</param> <param name="dropout">What becomes 0; the other elements grow in turn.</param>
    /// <returns>A new tensor like <paramref name="x"/>.</returns>
    internal static Tensor Forward(GroupNorm norm, Tensor x, Tensor? shift = null, DropoutMask dropout = default)
    {
        if (!IsFused(x))
            return Separate(norm, x, shift, dropout);
        var settings = new GroupNormSettings((int)norm.num_groups, norm.eps, dropout);
        return NormSiluFunction.Run(x.contiguous(), shift?.contiguous(), norm.weight, norm.bias!, settings);        // the layers' norms are affine
    }

    private static bool IsFused(Tensor x) =>
        is_grad_enabled() && x.is_cpu() && x.dtype == ScalarType.Float32 && x.numel() <= int.MaxValue / sizeof(float);

    private static Tensor Separate(GroupNorm norm, Tensor x, Tensor? shift, DropoutMask dropout)
    {
        using var scope = NewDisposeScope();
        var y = norm.Normalize(shift is null ? x : x.add_(shift.unsqueeze(2).unsqueeze(3))).silu();
        return (dropout.Drops ? dropout.Apply(y) : y).MoveToOuterDisposeScope();
    }
}
