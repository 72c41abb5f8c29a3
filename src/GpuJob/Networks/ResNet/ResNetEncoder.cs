using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.Shared.Recipes;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.ResNet;

/// <summary>ResNet with GroupNorm, whose projection head gives the anchor of an image (docs/method.md, section 4).</summary>
internal sealed class ResNetEncoder : ImageEncoder
{
    [ComponentName(Name = "net")]
    private readonly Sequential _net;

    [ComponentName(Name = "head")]
    private readonly ProjectionHead _head;

    /// <param name="generator">Gives the initial weights.</param>
    internal ResNetEncoder(ResNetEncoderRecipe recipe, Generator generator)
        : base(nameof(ResNetEncoder))
    {
        var layers = new ResNetLayers(generator);
        var channels = ResNetLayers.Stem;
        _net = nn.Sequential(Stem(recipe, layers));
        foreach (var (stage, (width, blocks)) in recipe.Stages().Index())
        {
            _net.append(new ResNetStage(recipe, layers, channels, width, blocks, stride: stage == 0 ? 1 : 2));
            channels = width * ResNetLayers.Expansion;
        }

        _head = new ProjectionHead(recipe, layers, channels);
        RegisterComponents();
    }

    internal override (Tensor? Features, Tensor Anchors) Read(Tensor images)
    {
        using var scope = NewDisposeScope();
        var features = _net.call(images * 0.5 + 0.5).mean([2, 3]).AsFloat32();              // [B, 2048]
        return scope.MoveToOuter(features, _head.call(features));
    }

    /// <summary>Images to 64 feature maps at a quarter of the resolution.</summary>
    private static Sequential Stem(ResNetEncoderRecipe recipe, ResNetLayers layers) => recipe.HasSelectiveKernels()
        ? nn.Sequential(
            layers.Conv2d(3, 32, stride: 2), new Norm(32),
            layers.Conv2d(32, 32), new Norm(32),
            layers.Conv2d(32, ResNetLayers.Stem), new Norm(ResNetLayers.Stem),
            nn.MaxPool2d(3, stride: 2, padding: 1))
        : nn.Sequential(layers.Conv2d(3, ResNetLayers.Stem, kernel: 7, stride: 2), new Norm(ResNetLayers.Stem), nn.MaxPool2d(3, stride: 2, padding: 1));
}

/// <summary>The blocks of one resolution; the first of them halves it if the stride is 2.</summary>
internal sealed class ResNetStage : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "blocks")]
    private readonly ModuleList<Bottleneck> _blocks = [];

    internal ResNetStage(ResNetEncoderRecipe recipe, ResNetLayers layers, int inputs, int width, int blocks, int stride)
        : base(nameof(ResNetStage))
    {
        _blocks.Add(new Bottleneck(recipe, layers, inputs, width, stride, projects: true));
        for (var block = 1; block < blocks; block++)
            _blocks.Add(new Bottleneck(recipe, layers, width * ResNetLayers.Expansion, width, stride: 1, projects: false));
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        return _blocks.Aggregate(x, (features, block) => block.call(features)).MoveToOuterDisposeScope();
    }
}

/// <summary>Linear layers without bias, each normalised; a ReLU after each but the last.</summary>
internal sealed class ProjectionHead : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "layers")]
    private readonly Sequential _layers = nn.Sequential();

    internal ProjectionHead(ResNetEncoderRecipe recipe, ResNetLayers layers, int inputs)
        : base(nameof(ProjectionHead))
    {
        for (var layer = 1; layer < recipe.HeadLayers; layer++)
            _layers.append(layers.Linear(inputs, inputs)).append(new VectorNorm(inputs)).append(nn.ReLU());
        _layers.append(layers.Linear(inputs, recipe.LatentDimension)).append(new VectorNorm(recipe.LatentDimension));
        RegisterComponents();
    }

    public override Tensor forward(Tensor features) => _layers.call(features);
}

/// <summary>Layers without bias whose weights begin as U(-1, 1) / sqrt(fan-in).</summary>
/// <param name="generator">Gives the weights, so that a network depends on its seed and on nothing drawn before. Used while building only.</param>
internal sealed class ResNetLayers(Generator generator)
{
    /// <summary>Channels of the stem's maps.</summary>
    internal const int Stem = 64;

    /// <summary>Channels of a block's result over those inside it.</summary>
    internal const int Expansion = 4;

    /// <summary>Padded so that stride 1 keeps the resolution.</summary>
    internal Conv2d Conv2d(int inputs, int outputs, int kernel = 3, int stride = 1)
    {
        var layer = new Conv2d(inputs, outputs, kernel, stride, padding: (kernel - 1) / 2, bias: false);
        Fill(layer.Weight, inputs * kernel * kernel);
        return layer;
    }

    internal Linear Linear(int inputs, int outputs)
    {
        var layer = new Linear(inputs, outputs, bias: false);
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
