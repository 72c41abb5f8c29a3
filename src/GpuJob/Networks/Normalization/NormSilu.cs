using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Normalization;

/// <summary>Group normalisation and SiLU with what stands around them in the networks: a shift of each channel before, dropout behind.</summary>
/// <remarks>
/// On the way of a gradient through the CPU this is one pass over memory, which is what bounds it there; a norm alone or with a ReLU has too little to save. Otherwise libtorch's own
/// operators do it: on other devices they are as fast, and without gradients their rounding is that of the published samplers, which an adaptive step length magnifies.
/// </remarks>
internal static class NormSilu
{
    /// <param name="x">[B, C, H, W]; with a shift it must be fresh, and may be overwritten.</param> <param name="shift">[B, C], or null.</param> <param name="dropout">Probability of an element to become 0; the others grow in turn.</param>
    /// <returns>A new tensor like <paramref name="x"/>.</returns>
    internal static Tensor Forward(GroupNorm norm, Tensor x, Tensor? shift = null, double dropout = 0)
    {
        if (!IsFused(x))
            return Separate(norm, x, shift, dropout);
        var settings = new GroupNormSettings((int)norm.num_groups, norm.eps, new DropoutMask(dropout, dropout > 0 ? Key() : 0));
        return NormSiluFunction.apply(x.contiguous(), shift?.contiguous()!, norm.weight, norm.bias!, settings);        // a shift may be null; the layers' norms are affine
    }

    private static bool IsFused(Tensor x) =>
        is_grad_enabled() && x.is_cpu() && x.dtype == ScalarType.Float32 && x.numel() <= int.MaxValue / sizeof(float);

    private static Tensor Separate(GroupNorm norm, Tensor x, Tensor? shift, double dropout)
    {
        using var scope = NewDisposeScope();
        var y = norm.call(shift is null ? x : x.add_(shift.unsqueeze(2).unsqueeze(3))).silu();
        return (dropout > 0 ? nn.functional.dropout(y, dropout) : y).MoveToOuterDisposeScope();
    }

    private static ulong Key()
    {
        using var drawn = randint(long.MaxValue, [1], dtype: ScalarType.Int64);
        return (ulong)drawn.item<long>();
    }
}
