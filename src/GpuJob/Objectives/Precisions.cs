using System.Runtime.InteropServices;
using LznPipeline.GpuJob.Autograd;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Objectives;

/// <summary>The types that networks are computed in.</summary>
internal static class Precisions
{
    internal static ScalarType TypeOf(Precision precision) => precision switch
    {
        Precision.Bfloat16 => ScalarType.BFloat16,
        Precision.Float16 => ScalarType.Float16,
        _ => ScalarType.Float32,
    };

    /// <exception cref="OptionsException">The device lacks operators of this type, as the processor does of float16 with a libtorch before 2.</exception>
    internal static void ThrowUnlessComputable(Precision precision, Device device)
    {
        var problems = new Problems();
        problems.Unless(
            precision is Precision.Float32 || IsComputable(TypeOf(precision), device), "training.precision", JsonName(precision),
            $"types that this libtorch can convolve, normalise and differentiate on {device.type}, where it lacks operators of this one; float32 always is, bfloat16 nearly always");
        problems.ThrowIfAny();
    }

    /// <summary>Tries what networks are made of: there is no list of which operators know which types.</summary>
    private static bool IsComputable(ScalarType type, Device device)
    {
        using var scope = NewDisposeScope();
        try
        {
            var x = ones([1, 8, 4, 4], dtype: type, device: device).requires_grad_();
            var y = nn.functional.group_norm(nn.functional.conv2d(x, ones([8, 8, 3, 3], dtype: type, device: device), padding: [1, 1]), 4).silu();
            BackwardPass.From(nn.functional.softmax(y.flatten(2).bmm(y.flatten(2).transpose(1, 2)), 2).to_type(ScalarType.Float32).sum());
            return true;
        }
        catch (ExternalException)
        {
            return false;
        }
    }

    private static string JsonName(Precision precision) => precision.ToString().ToLowerInvariant();
}
