using LznPipeline.Shared.Options;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Training;

/// <summary>The types that networks are computed in.</summary>
internal static class Precisions
{
    internal static ScalarType TypeOf(Precision precision) => precision switch
    {
        Precision.Bfloat16 => ScalarType.BFloat16,
        Precision.Float16 => ScalarType.Float16,
        _ => ScalarType.Float32,
    };

    /// <exception cref="OptionsException">The device has not the operators of this type, such as float16 on the processor with a libtorch before 2.</exception>
    internal static void ThrowUnlessComputable(Precision precision, Device device)
    {
        if (!IsComputable(TypeOf(precision), device))
            throw new OptionsException("training.precision", JsonName(precision), $"float32 or bfloat16: this libtorch cannot convolve, normalise and differentiate float16 on {device.type}. Or train on CUDA");
    }

    /// <summary>Tries what networks are made of: there is no list of which operators know which types.</summary>
    private static bool IsComputable(ScalarType type, Device device)
    {
        using var scope = NewDisposeScope();
        try
        {
            var x = ones([1, 8, 4, 4], dtype: type, device: device).requires_grad_();
            var y = nn.functional.group_norm(nn.functional.conv2d(x, ones([8, 8, 3, 3], dtype: type, device: device), padding: [1, 1]), 4).silu();
            nn.functional.softmax(y.flatten(2).bmm(y.flatten(2)), 2).to_type(ScalarType.Float32).sum().backward();
            return true;
        }
        catch (Exception lacking) when (lacking is not OutOfMemoryException)
        {
            return false;
        }
    }

    private static string JsonName(Precision precision) => precision.ToString().ToLowerInvariant();
}
