using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Normalization;

/// <summary>Group normalisation with what stands around it in the networks: a shift of each channel before, an activation and dropout behind.</summary>
/// <remarks>
/// On the way of a gradient through the CPU this is one pass over memory, which is what bounds it there, in float32. Otherwise libtorch's own operators do it: on other devices they are
/// as fast, in lower types memory bounds them less, and without gradients their rounding is that of the published samplers, which an adaptive step length magnifies.
/// </remarks>
internal static class NormActivation
{
    /// <param name="x">[B, C, H, W]; with a shift it must be fresh, and may be overwritten.</param> <param name="shift">[B, C], or null.</param> <param name="dropout">What becomes 0; the other elements grow in turn.</param>
    /// <returns>A new tensor like <paramref name="x"/>.</returns>
    internal static Tensor Forward(GroupNorm norm, Tensor x, Activation activation, Tensor? shift = null, DropoutMask dropout = default)
    {
        if (!IsFused(x))
            return Separate(norm, x, activation, shift, dropout);
        var settings = new GroupNormSettings((int)norm.num_groups, norm.eps, dropout);
        object[] arguments = [x.contiguous(), shift?.contiguous()!, norm.weight, norm.bias!, settings];      // a shift may be null; the layers' norms are affine
        return activation switch
        {
            Activation.Silu => GroupNormFunction<Silu>.apply(arguments),
            Activation.Relu => GroupNormFunction<Relu>.apply(arguments),
            _ => GroupNormFunction<NoActivation>.apply(arguments),
        };
    }

    private static bool IsFused(Tensor x) =>
        is_grad_enabled() && x.is_cpu() && x.dtype == ScalarType.Float32 && x.numel() <= int.MaxValue / sizeof(float);

    private static Tensor Separate(GroupNorm norm, Tensor x, Activation activation, Tensor? shift, DropoutMask dropout)
    {
        using var scope = NewDisposeScope();
        var shifted = shift is null ? x : x.add_(shift.unsqueeze(2).unsqueeze(3));
        var y = nn.functional.group_norm(shifted, norm.num_groups, norm.weight.As(x), norm.bias!.As(x), norm.eps);      // affine
        y = activation switch
        {
            Activation.Silu => y.silu(),
            Activation.Relu => y.relu_(),
            _ => y,
        };
        return (dropout.Drops ? dropout.Apply(y) : y).MoveToOuterDisposeScope();
    }
}
