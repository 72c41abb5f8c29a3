using LznPipeline.Shared.Recipes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks;

/// <summary>Maps an image to its anchor: residual blocks at half the resolution and below, the mean over all places, a linear map.</summary>
internal sealed class ImageEncoder : nn.Module<Tensor, Tensor>
{
    /// <summary>Means over all places differ little between images; scaled up by this, anchors begin as far apart as the label anchors are, and zones as distinct.</summary>
    private const double HeadGain = 4;

    private readonly Conv2d _stem;
    private readonly List<nn.Module<Tensor, Tensor>> _stages = [];
    private readonly GroupNorm _norm;
    private readonly Linear _head;

    internal ImageEncoder(EncoderRecipe recipe, Layers layers)
        : base(nameof(ImageEncoder))
    {
        register_module("stem", _stem = layers.Conv(FoldedChannels, recipe.Channels[0]));
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

    /// <param name="images">[B, 3, S, S] in [-1, 1].</param> <returns>Anchors, [B, d].</returns>
    public override Tensor forward(Tensor images)
    {
        var h = _stages.Aggregate(_stem.call(Pixels.Fold(images)), (features, stage) => stage.call(features));
        return _head.call(nn.functional.silu(_norm.call(h)).mean([2, 3]));
    }
}
