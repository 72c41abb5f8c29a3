using LznPipeline.GpuJob.Networks.Common;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.ResNet;

/// <summary>Layers without bias whose weights begin as U(-1, 1) / sqrt(fan-in).</summary>
/// <param name="generator">Gives the weights, so that a network depends on its seed and on nothing drawn before. Used while building only.</param>
internal sealed class ResNetLayers(Generator generator)
{
    /// <summary>Channels of the stem's maps.</summary>
    internal const int Stem = 64;

    /// <summary>Channels of a block's result over those inside it.</summary>
    internal const int Expansion = 4;

    /// <summary>Padded so that stride 1 keeps the resolution.</summary>
    internal Conv Conv(int inputs, int outputs, int kernel = 3, int stride = 1)
    {
        var layer = new Conv(inputs, outputs, kernel, stride, padding: (kernel - 1) / 2, bias: false);
        Fill(layer.Weight, inputs * kernel * kernel);
        return layer;
    }

    internal Dense Dense(int inputs, int outputs)
    {
        var layer = new Dense(inputs, outputs, bias: false);
        Fill(layer.Weight, inputs);
        return layer;
    }

    private void Fill(Tensor weight, int fanIn)
    {
        var bound = 1 / Math.Sqrt(fanIn);
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        weight.copy_(rand(weight.shape, generator: generator) * (2 * bound) - bound);
    }
}
