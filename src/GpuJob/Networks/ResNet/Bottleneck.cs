using LznPipeline.GpuJob.Networks.Common;
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
            : [layers.Conv2d(width, width, stride: stride), new Norm(width)];
        _branch = nn.Sequential(
        [
            layers.Conv2d(inputs, width, kernel: 1), new Norm(width),
            .. middle,
            layers.Conv2d(width, outputs, kernel: 1), new Norm(outputs, relu: false, zero: true),
        ]);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var projected = _projection?.call(x);
        return _branch.call(x).add_(projected ?? x).relu_();
    }
}

/// <summary>Brings a block's input to the shape of its result.</summary>
internal sealed class Projection : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "shortcut")]
    private readonly nn.Module<Tensor, Tensor> _shortcut;

    [ComponentName(Name = "bn")]
    private readonly Norm _norm;

    internal Projection(ResNetEncoderRecipe recipe, ResNetLayers layers, int inputs, int outputs, int stride)
        : base(nameof(Projection))
    {
        _shortcut = recipe.HasSelectiveKernels()
            ? nn.Sequential(("1", new PaddedMean(stride)), ("2", layers.Conv2d(inputs, outputs, kernel: 1)))
            : layers.Conv2d(inputs, outputs, kernel: 1, stride: stride);
        _norm = new Norm(outputs, relu: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var projected = _shortcut.call(x);
        return _norm.call(projected);
    }
}

/// <summary>Two 3x3 convolutions, mixed for each channel by weights that depend on the means of both (Li et al., Selective Kernel Networks, 2019).</summary>
internal sealed class SelectiveKernel : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "main_conv")]
    private readonly Sequential _main;

    [ComponentName(Name = "mixing_conv")]
    private readonly Sequential _mixing;

    /// <param name="middle">Channels between the two layers that compute the weights.</param>
    internal SelectiveKernel(ResNetLayers layers, int inputs, int outputs, int stride, int middle)
        : base(nameof(SelectiveKernel))
    {
        _main = nn.Sequential(layers.Conv2d(inputs, 2 * outputs, stride: stride), new Norm(2 * outputs));
        _mixing = nn.Sequential(layers.Conv2d(outputs, middle, kernel: 1), new Norm(middle), layers.Conv2d(middle, 2 * outputs, kernel: 1));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var both = _main.call(x).unflatten(1, 2, -1);                           // [B, 2, C, H, W]
        var means = both.mean([3, 4], keepdim: true).sum(1);                    // [B, C, 1, 1]
        var weights = nn.functional.softmax(_mixing.call(means).unflatten(1, 2, -1), dim: 1);   // [B, 2, C, 1, 1]
        return (both * weights).sum(1).MoveToOuterDisposeScope();               // [B, C, H, W]
    }
}

/// <summary>Mean over squares of 2 x 2 places; below and to the right of the feature map there are zeros.</summary>
internal sealed class PaddedMean(int stride) : nn.Module<Tensor, Tensor>(nameof(PaddedMean))
{
    public override Tensor forward(Tensor x)
    {
        using var padded = nn.functional.pad(x, (0, 1, 0, 1));
        return nn.functional.avg_pool2d(padded, kernel_size: 2, stride: stride);
    }
}

/// <summary>GroupNorm over 32 groups, followed by a ReLU unless it ends a branch.</summary>
internal sealed class Norm : nn.Module<Tensor, Tensor>
{
    private readonly bool _relu;

    [ComponentName(Name = "0")]
    private readonly GroupNorm _norm;

    /// <param name="zero">Whether the scale begins as 0, so that the branch it ends says nothing at first.</param>
    internal Norm(int channels, bool relu = true, bool zero = false)
        : base(nameof(Norm))
    {
        _relu = relu;
        _norm = GroupNorms.Create(ResNetEncoderRecipe.Groups, channels);
        if (zero)
            nn.init.zeros_(_norm.weight);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        var normed = _norm.Normalize(x);
        return _relu ? normed.relu_() : normed;
    }
}

/// <summary>Group normalisation of vectors, [B, C]; the layer of TorchSharp takes feature maps only.</summary>
internal sealed class VectorNorm : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")]
    private readonly Parameter _weight;

    [ComponentName(Name = "bias")]
    private readonly Parameter _bias;

    internal VectorNorm(long channels)
        : base(nameof(VectorNorm))
    {
        _weight = new Parameter(ones(channels));
        _bias = new Parameter(zeros(channels));
        RegisterComponents();
    }

    public override Tensor forward(Tensor features) => nn.functional.group_norm(features, ResNetEncoderRecipe.Groups, _weight.As(features), _bias.As(features));
}
