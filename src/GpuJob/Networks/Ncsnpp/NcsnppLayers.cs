using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.GpuJob.Networks.Normalization;
using LznPipeline.Shared.Recipes;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>Layers with the published initial weights: uniform with variance scale / mean of fan-in and fan-out, biases 0.</summary>
/// <param name="generator">Gives the weights, so that a network depends on its seed and on nothing drawn before. Used while building only.</param>
/// <param name="dropout">Gives the layers their masks in training.</param>
internal sealed class NcsnppLayers(Generator generator, DropoutMasks dropout)
{
    internal DropoutMasks Dropout => dropout;

    internal static GroupNorm Norm(int channels) => GroupNorms.Create(NcsnppForm.Groups(channels), channels, eps: 1e-6);

    internal Conv2d Conv2d(int inputs, int outputs, int kernel = 3, int stride = 1, bool padded = true, double scale = 1)
    {
        var layer = new Conv2d(inputs, outputs, kernel, stride, padding: padded ? kernel / 2 : 0);
        Fill(layer.Weight, layer.Bias, scale, fans: (inputs + outputs) * kernel * kernel);
        return layer;
    }

    internal Linear Linear(int inputs, int outputs)
    {
        var layer = new Linear(inputs, outputs);
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

/// <summary>"Network in network": one linear map at every place, with its weight stored as [inputs, outputs].</summary>
internal sealed class Nin : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "W")]
    private readonly Parameter _weight;

    [ComponentName(Name = "b")]
    private readonly Parameter _bias;

    internal Nin(int inputs, int outputs)
        : base(nameof(Nin))
    {
        _weight = new Parameter(zeros(inputs, outputs));
        _bias = new Parameter(zeros(outputs));
        RegisterComponents();
    }

    internal Parameter Weight => _weight;

    /// <summary>Three maps of the same places in one product.</summary>
    /// <param name="places">[B, n, inputs].</param> <returns>[B, n, outputs] of each map.</returns>
    internal static (Tensor First, Tensor Second, Tensor Third) Together(Tensor places, Nin first, Nin second, Nin third)
    {
        var weight = cat([first._weight, second._weight, third._weight], 1);    // [inputs, outputs of all]
        var bias = cat([first._bias, second._bias, third._bias]);
        var all = nn.functional.linear(places, weight.As(places).t(), bias.As(places)).chunk(3, dim: 2);
        return (all[0], all[1], all[2]);
    }

    /// <param name="places">[B, n, inputs].</param> <returns>[B, n, outputs].</returns>
    public override Tensor forward(Tensor places) => nn.functional.linear(places, _weight.As(places).t(), _bias.As(places));
}

/// <summary>
/// All layers of a network in one flat list, whose numbers are their names in the state dictionary. The parts of the network keep the layers that they call.
/// </summary>
internal sealed class NumberedModules : ModuleList<nn.Module>
{
    /// <summary>Gives the module the next number.</summary>
    internal T Next<T>(T module)
        where T : nn.Module
    {
        Add(module);
        return module;
    }
}

/// <summary>A feature map as a list of places.</summary>
internal static class Places
{
    /// <param name="map">[B, C, H, W].</param> <returns>[B, HW, C], contiguous.</returns>
    internal static Tensor Of(Tensor map) => map.flatten(2).transpose(1, 2).contiguous();

    /// <param name="places">[B, HW, C].</param> <param name="map">Has the height and width.</param>
    /// <returns>[B, C, H, W] in the memory of <paramref name="places"/>.</returns>
    internal static Tensor ToMap(Tensor places, Tensor map) => places.transpose(1, 2).view(map.shape[0], places.shape[2], map.shape[2], map.shape[3]);
}
