using LznPipeline.Shared.Recipes;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.ResNet;

/// <summary>Convolutions of 1x1, 3x3 and 1x1, the middle one with fewer channels, beside a shortcut.</summary>
internal sealed class Bottleneck : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "projection")]
    private readonly Projection? _projection;

    [ComponentName(Name = "net")]
    private readonly Sequential _branch;

    /// <param name="width">Channels inside.</param> <param name="projects">Whether the input has another shape than the result.</param>
    internal Bottleneck(ResNetEncoderRecipe recipe, ResNetLayers layers, int inputs, int width, int stride, bool projects)
        : base(nameof(Bottleneck))
    {
        var outputs = width * ResNetLayers.Expansion;
        _projection = projects ? new Projection(recipe, layers, inputs, outputs, stride) : null;
        nn.Module<Tensor, Tensor>[] middle = recipe.HasSelectiveKernels()
            ? [new SelectiveKernel(layers, width, width, stride, recipe.MixingWidth(width))]
            : [layers.Conv(width, width, stride: stride), new Norm(width)];
        _branch = nn.Sequential(
        [
            layers.Conv(inputs, width, kernel: 1), new Norm(width),
            .. middle,
            layers.Conv(width, outputs, kernel: 1), new Norm(outputs, relu: false, zero: true),
        ]);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var projected = _projection?.call(x);
        return _branch.call(x).add_(projected ?? x).relu_();
    }
}
