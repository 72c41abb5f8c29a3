using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.GpuJob.Networks.Normalization;
using LznPipeline.Shared.Recipes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>Layers with the published initial weights: uniform with variance scale / mean of fan-in and fan-out, biases 0.</summary>
/// <param name="generator">Gives the weights, so that a network depends on its seed and on nothing drawn before. Used while building only.</param>
/// <param name="dropout">Gives the layers their masks in training.</param>
internal sealed class NcsnppLayers(Generator generator, DropoutMasks dropout)
{
    internal DropoutMasks Dropout => dropout;

    internal static GroupNorm Norm(int channels) => GroupNorms.Create(NcsnppForm.Groups(channels), channels, eps: 1e-6);

    internal Conv Conv(int inputs, int outputs, int kernel = 3, int stride = 1, bool padded = true, double scale = 1)
    {
        var layer = new Conv(inputs, outputs, kernel, stride, padding: padded ? kernel / 2 : 0);
        Fill(layer.Weight, layer.Bias, scale, fans: (inputs + outputs) * kernel * kernel);
        return layer;
    }

    internal Dense Dense(int inputs, int outputs)
    {
        var layer = new Dense(inputs, outputs);
        Fill(layer.Weight, layer.Bias, scale: 1, fans: inputs + outputs);
        return layer;
    }

    internal Nin Nin(int inputs, int outputs, double scale = 0.1)
    {
        var layer = new Nin(inputs, outputs);
        Fill(layer.Weight, bias: null, scale, fans: inputs + outputs);
        return layer;
    }

    /// <summary>N(0, deviation^2), [length].</summary>
    internal Tensor Normal(int length, double deviation) => randn(length, generator: generator) * deviation;

    private void Fill(Tensor weight, Tensor? bias, double scale, int fans)
    {
        // The published code takes 1e-10 for 0, and so begins with blocks that say nearly nothing.
        var bound = Math.Sqrt(3 * Math.Max(scale, 1e-10) / (fans / 2.0));
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        weight.copy_(rand(weight.shape, generator: generator) * (2 * bound) - bound);
        bias?.zero_();
    }
}
