using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.GpuJob.Networks.Ncsnpp;
using LznPipeline.GpuJob.Networks.Normalization;
using LznPipeline.GpuJob.Networks.ResNet;
using LznPipeline.GpuJob.Networks.Small;
using LznPipeline.Shared.Recipes;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks;

/// <summary>What a recipe trains: an image encoder; a decoder if images shall be drawn; an anchor for each label in the joint case.</summary>
internal sealed class LznModel : nn.Module
{
    internal const string EncoderName = "encoder";
    internal const string DecoderName = "decoder";
    internal const string LabelAnchorsName = "label_anchors";

    [ComponentName(Name = LabelAnchorsName)]
    private readonly Parameter? _labelAnchors;

    /// <param name="classes">Of the dataset.</param> <param name="generator">Gives the initial weights.</param>
    internal LznModel(Recipe recipe, int classes, Generator generator)
        : base(nameof(LznModel))
    {
        Classes = recipe.Objective is Objective.Joint ? classes : 0;
        register_module(EncoderName, Encoder = EncoderOf(recipe, generator, Dropout));
        if (recipe.Decoder is not null)
            register_module(DecoderName, Decoder = DecoderOf(recipe.Decoder, recipe, Classes, generator, Dropout));
        if (Classes > 0)
            register_parameter(LabelAnchorsName, _labelAnchors = new Parameter(randn(Classes, recipe.Encoder.LatentDimension, generator: generator)));
    }

    /// <summary>A model whose weights are about to be overwritten.</summary>
    internal static LznModel Unfilled(Recipe recipe, int classes)
    {
        using var generator = new Generator();
        return new LznModel(recipe, classes, generator);
    }

    internal ImageEncoder Encoder { get; }

    /// <summary>Of generation and the joint case.</summary>
    internal ImageDecoder? Decoder { get; }

    /// <summary>[classes, d]; of the joint case.</summary>
    internal Parameter? LabelAnchors => _labelAnchors;

    /// <summary>What the networks drop in training; to be begun before each pass.</summary>
    internal DropoutMasks Dropout { get; } = new();

    /// <summary>Labels that the model knows; 0 but for the joint case.</summary>
    internal int Classes { get; }

    /// <summary>All that a file keeps of it, by name: parameters, then buffers. A tensor that a module knows under two names is listed once.</summary>
    internal IReadOnlyList<KeyValuePair<string, Tensor>> Weights() =>
    [
        .. named_parameters().Select(each => KeyValuePair.Create<string, Tensor>(each.name, each.parameter)),
        .. named_buffers(include_nonpersistent: false).Select(each => KeyValuePair.Create(each.name, each.buffer)),
    ];

    /// <summary>Labels as the decoder takes them: one-hot, float32 [B, classes].</summary>
    /// <param name="labels">int64 [B].</param>
    internal Tensor OneHot(Tensor labels) => Classes > 0
        ? nn.functional.one_hot(labels, Classes).to_type(ScalarType.Float32)
        : zeros([labels.shape[0], 0], device: labels.device);

    /// <summary>The part that a parameter belongs to: <see cref="EncoderName"/>, <see cref="DecoderName"/> or <see cref="LabelAnchorsName"/>.</summary>
    /// <param name="parameter">Its name in the model's state dictionary.</param>
    internal static string PartOf(string parameter) => parameter.Split('.')[0];

    private static ImageEncoder EncoderOf(Recipe recipe, Generator generator, DropoutMasks dropout) => recipe.Encoder switch
    {
        SmallEncoderRecipe small => new SmallEncoder(small, new Layers(generator)),
        NcsnppEncoderRecipe ncsnpp =>
            new NcsnppEncoder(new NcsnppOptions(ncsnpp.Form, recipe.Image.Size), ncsnpp.Heads, ncsnpp.LatentDimension, generator, dropout),
        ResNetEncoderRecipe resnet => new ResNetEncoder(resnet, generator),
        var other => throw new NotSupportedException($"No network for {other.GetType().Name}."),
    };

    private static ImageDecoder DecoderOf(DecoderRecipe decoder, Recipe recipe, int classes, Generator generator, DropoutMasks dropout)
    {
        var network = NetworkOf(decoder, recipe, classes, generator, dropout);
        return decoder.Latent is DecoderLatent.Zone ? network : new UntoldDecoder(network);
    }

    private static ImageDecoder NetworkOf(DecoderRecipe decoder, Recipe recipe, int classes, Generator generator, DropoutMasks dropout) => decoder switch
    {
        SmallDecoderRecipe small => new SmallDecoder(small, recipe.Encoder.LatentDimension, classes, new Layers(generator)),
        NcsnppDecoderRecipe ncsnpp =>
            new NcsnppDecoder(new NcsnppOptions(ncsnpp.Form, recipe.Image.Size), recipe.Encoder.LatentDimension, classes, generator, dropout),
        var other => throw new NotSupportedException($"No network for {other.GetType().Name}."),
    };
}

/// <summary>
/// A decoder that sees zeros in place of every latent, so that it learns rectified flow alone:
/// the same network from the same initial weights, told nothing of the image.
/// </summary>
internal sealed class UntoldDecoder : ImageDecoder
{
    private readonly ImageDecoder _network;

    internal UntoldDecoder(ImageDecoder network)
        : base(nameof(UntoldDecoder)) => register_module("network", _network = network);

    public override Tensor forward(Tensor latents, Tensor labels, Tensor t, Tensor xt) => _network.call(zeros_like(latents), labels, t, xt);
}
