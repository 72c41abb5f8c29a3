using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks;

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
}
