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
            layers.Conv(3, 32, stride: 2), new Norm(32),
            layers.Conv(32, 32), new Norm(32),
            layers.Conv(32, ResNetLayers.Stem), new Norm(ResNetLayers.Stem),
            nn.MaxPool2d(3, stride: 2, padding: 1))
        : nn.Sequential(layers.Conv(3, ResNetLayers.Stem, kernel: 7, stride: 2), new Norm(ResNetLayers.Stem), nn.MaxPool2d(3, stride: 2, padding: 1));
}
