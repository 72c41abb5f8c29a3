using LznPipeline.Shared.Recipes;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks;

/// <summary>What the joint case trains: image encoder, image decoder, and one anchor for each label.</summary>
internal sealed class JointModel : nn.Module
{
    internal const string EncoderName = "encoder";
    internal const string DecoderName = "decoder";
    internal const string LabelAnchorsName = "label_anchors";

    internal JointModel(Recipe recipe, int classes, Layers layers)
        : base(nameof(JointModel))
    {
        Encoder = new ImageEncoder(recipe.Encoder, layers);
        Decoder = new ImageDecoder(recipe.Decoder, recipe.Encoder.LatentDimension, classes, layers);
        LabelAnchors = layers.Normal(classes, recipe.Encoder.LatentDimension);
        register_module(EncoderName, Encoder);
        register_module(DecoderName, Decoder);
        register_parameter(LabelAnchorsName, LabelAnchors);
    }

    /// <summary>A model whose weights are about to be overwritten.</summary>
    internal static JointModel Unfilled(Recipe recipe, int classes)
    {
        using var generator = new Generator();
        return new JointModel(recipe, classes, new Layers(generator));
    }

    internal ImageEncoder Encoder { get; }

    internal ImageDecoder Decoder { get; }

    /// <summary>[classes, d].</summary>
    internal Parameter LabelAnchors { get; }
}
