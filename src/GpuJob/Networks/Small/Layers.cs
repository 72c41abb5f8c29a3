using LznPipeline.GpuJob.Networks.Common;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Small;

/// <summary>Layers with weights drawn from a given generator, so that a network depends on its seed and on nothing drawn before.</summary>
/// <param name="generator">Used while building only.</param>
internal sealed class Layers(Generator generator)
{
    /// <summary>Channels that share one mean and variance.</summary>
    private const int GroupSize = 8;

    /// <param name="gain">Standard deviation of the outputs for unit inputs; 0 makes a layer that begins by saying nothing.</param>
    internal Conv Conv(long inputs, long outputs, long kernel = 3, long stride = 1, double gain = 1)
    {
        var layer = new Conv(inputs, outputs, kernel, stride, padding: kernel / 2);
        Fill(layer.Weight, layer.Bias, gain / Math.Sqrt(inputs * kernel * kernel));
        return layer;
    }

    /// <inheritdoc cref="Conv"/>
    internal Dense Dense(long inputs, long outputs, double gain = 1)
    {
        var layer = new Dense(inputs, outputs);
        Fill(layer.Weight, layer.Bias, gain / Math.Sqrt(inputs));
        return layer;
    }

    internal static GroupNorm Norm(long channels) => GroupNorms.Create(channels / GroupSize, channels);

    private void Fill(Tensor? weight, Tensor? bias, double deviation)
    {
        using var frozen = no_grad();
        _ = weight?.copy_(randn(weight.shape, generator: generator) * deviation);
        _ = bias?.zero_();
    }
}
