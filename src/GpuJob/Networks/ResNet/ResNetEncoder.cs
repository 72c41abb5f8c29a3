using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.ResNet;

/// <summary>ResNet with GroupNorm, whose projection head gives the anchor of an image (lzn.md, section 4).</summary>
internal sealed class ResNetEncoder : nn.Module<Tensor, (Tensor Features, Tensor Anchors)>
{
    [ComponentName(Name = "net")]
    private readonly Sequential _net;

    [ComponentName(Name = "head")]
    private readonly ProjectionHead _head;

    /// <param name="generator">Gives the initial weights.</param>
    internal ResNetEncoder(ResNetOptions options, Generator generator)
        : base(nameof(ResNetEncoder))
    {
        options.Validate();
        var layers = new ResNetLayers(generator);
        var channels = ResNetLayers.Widths[0];
        _net = nn.Sequential(Stem(options, layers));
        foreach (var (stage, width) in ResNetLayers.Widths.Index())
        {
            _net.append(new ResNetStage(options, layers, channels, width, options.Blocks[stage], stride: stage == 0 ? 1 : 2));
            channels = width * ResNetLayers.Expansion;
        }

        _head = new ProjectionHead(options, layers, channels);
        RegisterComponents();
    }

    /// <param name="images">[B, 3, S, S] in [-1, 1].</param> <returns>The 2048 features before the head, [B, 2048], and what the head makes of them, [B, d].</returns>
    public override (Tensor Features, Tensor Anchors) forward(Tensor images)
    {
        using var scope = NewDisposeScope();
        var features = _net.call(images * 0.5 + 0.5).mean([2, 3]);
        return scope.MoveToOuter(features, _head.call(features));
    }

    /// <summary>Images to 64 feature maps at a quarter of the resolution.</summary>
    private static Sequential Stem(ResNetOptions options, ResNetLayers layers) => options.SelectiveKernels
        ? nn.Sequential(
            layers.Conv(3, 32, stride: 2), new Norm(32),
            layers.Conv(32, 32), new Norm(32),
            layers.Conv(32, 64), new Norm(64),
            nn.MaxPool2d(3, stride: 2, padding: 1))
        : nn.Sequential(layers.Conv(3, 64, kernel: 7, stride: 2), new Norm(64), nn.MaxPool2d(3, stride: 2, padding: 1));
}
