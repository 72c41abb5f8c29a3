using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.GpuJob.Networks.Normalization;
using LznPipeline.Shared.Recipes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Small;

/// <summary>Maps an image to its anchor: residual blocks at half the resolution and below, the mean over all places, a linear map.</summary>
internal sealed class SmallEncoder : ImageEncoder
{
    /// <summary>
    /// Means over all places differ little between images; scaled up by this, anchors begin as far apart as the label anchors are, and zones as distinct.
    /// </summary>
    private const double HeadGain = 4;

    private readonly Conv2d _stem;
    private readonly List<nn.Module<Tensor, Tensor>> _stages = [];
    private readonly GroupNorm _norm;
    private readonly Linear _head;

    internal SmallEncoder(SmallEncoderRecipe recipe, Layers layers)
        : base(nameof(SmallEncoder))
    {
        register_module("stem", _stem = layers.Conv2d(FoldedChannels, recipe.Channels[0]));
        var channels = recipe.Channels[0];
        for (var level = 0; level < recipe.Channels.Length; level++)
        {
            var stage = new EncoderStage(layers, channels, recipe.Channels[level], recipe.Blocks, halve: level > 0);
            register_module($"stage{level}", stage);
            _stages.Add(stage);
            channels = recipe.Channels[level];
        }

        register_module("norm", _norm = Layers.Norm(channels));
        register_module("head", _head = layers.Linear(channels, recipe.LatentDimension, HeadGain));
    }

    /// <summary>Channels of an RGB image after <see cref="Pixels.Fold"/>.</summary>
    internal const int FoldedChannels = 12;

    internal override (Tensor? Features, Tensor Anchors) Read(Tensor images)
    {
        var h = _stages.Aggregate(_stem.call(Pixels.Fold(images)), (maps, stage) => stage.call(maps));
        var features = NormSilu.Forward(_norm, h).mean([2, 3]).AsFloat32();
        return (features, _head.call(features));
    }
}

/// <summary>The residual blocks of one resolution, after a convolution that halves it if told to.</summary>
internal sealed class EncoderStage : nn.Module<Tensor, Tensor>
{
    private readonly Conv2d? _halve;
    private readonly List<ResidualBlock> _blocks = [];

    internal EncoderStage(Layers layers, long inputs, long outputs, int blocks, bool halve)
        : base(nameof(EncoderStage))
    {
        if (halve)
            register_module("halve", _halve = layers.Conv2d(inputs, inputs, stride: 2));
        for (var index = 0; index < blocks; index++)
        {
            var block = new ResidualBlock(layers, index == 0 ? inputs : outputs, outputs, condition: 0);
            register_module($"block{index}", block);
            _blocks.Add(block);
        }
    }

    public override Tensor forward(Tensor x) =>
        _blocks.Aggregate(_halve is null ? x : _halve.call(x), (h, block) => block.call(h, null));
}
