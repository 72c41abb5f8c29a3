using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Common;

/// <summary>Group normalisation whose weights begin as 1 and biases as 0.</summary>
internal static class GroupNorms
{
    /// <remarks>Filled here because TorchSharp leaves both as memory happens to be.</remarks>
    internal static GroupNorm Create(long groups, long channels, double eps = 1e-5)
    {
        var layer = nn.GroupNorm(groups, channels, eps);
        nn.init.ones_(layer.weight);
        nn.init.zeros_(layer.bias!);    // affine by default
        return layer;
    }

    /// <summary>Computes in the type of the maps, as <see cref="Conv"/> does; the layer itself takes that of its weights alone.</summary>
    internal static Tensor Normalize(this GroupNorm layer, Tensor x) => x.dtype == layer.weight.dtype
        ? layer.call(x)
        : nn.functional.group_norm(x, layer.num_groups, layer.weight.As(x), layer.bias!.As(x), layer.eps);     // affine by default
}
