using LznPipeline.GpuJob.Inference.Arguments;
using LznPipeline.GpuJob.Networks;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Requests;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Inference;

/// <summary>Images with all that a decoder has to know of them: a latent from each one's zone, and the label that the model reads from its middle.</summary>
internal sealed class LocatedImages : IDisposable
{
    private readonly ModelFile _model;
    private readonly ImageReader _reader;
    private readonly Tensor _latents;       // [N, d]
    private readonly Tensor _labels;        // int64 [N]

    /// <param name="seed">Chooses the place in the zones, the same for all.</param>
    internal LocatedImages(ModelFile model, InputImages inputs, InputImages? reference, InputOptions options, long seed, CommandContext context)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        _model = model;
        (Images, var anchors) = EncodedImages.Of(model, inputs.Images, "images", options, context);
        var zones = ImageZones.Of(model, reference, Images, options, context);
        var labels = model.Classifier() is { } classifier ? zones.Labels(classifier, anchors, zones.Middle(), context.Stage("read labels", Images.Count)) : new long[Images.Count, 1];
        _labels = tensor(labels).squeeze(1).DetachFromDisposeScope();
        _latents = zones.Latents(anchors, zones.Draws(1, seed)).squeeze(1).DetachFromDisposeScope();
        _reader = new ImageReader(Images, model.Recipe.Image, BadImagePolicy.Fail, context.Log);        // all were read before
    }

    internal IReadOnlyList<InputImage> Images { get; }

    internal LznModel Model => _model.Model;

    internal Recipe Recipe => _model.Recipe;

    /// <returns>Images, [B, 3, S, S]; their latents, [B, d]; their labels as the decoder takes them, [B, classes].</returns>
    internal (Tensor Images, Tensor Latents, Tensor Labels) Read(long start, long count) =>
        (_reader.Read(start, count), _latents.narrow(0, start, count), Model.OneHot(_labels.narrow(0, start, count)));

    public void Dispose()
    {
        _latents.Dispose();
        _labels.Dispose();
    }
}
