using LznPipeline.GpuJob.Evaluation;
using LznPipeline.GpuJob.Flow;
using LznPipeline.GpuJob.Inference.Arguments;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Randomness;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Requests;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Inference;

/// <summary>
/// The zones of images: each one's by itself among those of a reference; or all among each other, in groups as evaluation forms them, mixed, because a folder
/// has its classes in turn and among zones of one class a latent says little of the class.
/// </summary>
/// <param name="reference">Anchors of the reference, [R, d]; null for none.</param>
/// <param name="mixed">The images' numbers in the order in which they form groups, int64 [N].</param>
internal sealed class ImageZones(Recipe recipe, Tensor? reference, Tensor mixed)
{
    /// <summary>Images whose labels are read together among a reference. Changes results by rounding only.</summary>
    private const int Rows = 64;

    private readonly LatentFlow _flow = LatentFlow.Of(recipe.Flow);

    /// <summary>Forms the zones that a command asks for.</summary>
    /// <param name="reference">Opened; null for none. As many of its images are taken as evaluation puts together, chosen by their paths.</param>
    /// <param name="images">Those that have the zones.</param>
    internal static ImageZones Of(ModelFile model, InputImages? reference, IReadOnlyList<InputImage> images, InputOptions options, CommandContext context)
    {
        var size = model.Recipe.Evaluation.BatchSize;
        InputImage[]? chosen = reference is null ? null : [.. reference.Images.OrderBy(image => image.Rank).Take(size)];
        var anchors = chosen is null ? null : EncodedImages.Of(model, chosen, "reference images", options, context).Anchors;
        if ((anchors?.shape[0] ?? images.Count) is var zones && zones < size / 2)
            context.Log.FewZones(zones, size);
        return new ImageZones(model.Recipe, anchors, tensor(images.Index().OrderBy(each => each.Item.Rank).Select(each => (long)each.Index).ToArray()));
    }

    /// <summary>The middle of a zone.</summary>
    /// <returns>[1, d].</returns>
    internal Tensor Middle() => zeros(1, recipe.Encoder.LatentDimension);

    /// <summary>Places in a zone, the same for every image: so nothing depends on an image's place among others.</summary>
    /// <returns>N(0, I), [count, d].</returns>
    internal Tensor Draws(long count, long seed)
    {
        using var generator = new Draws(seed).For(RandomStream.TestPrior, 0);
        return randn(count, recipe.Encoder.LatentDimension, generator: generator);
    }

    /// <param name="anchors">[N, d].</param> <param name="draws">Places in a zone, [K, d].</param>
    /// <returns>[N, K, d].</returns>
    internal Tensor Latents(Tensor anchors, Tensor draws)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        return (reference is null ? AmongEachOther(anchors, draws) : Among(reference, anchors, draws)).MoveToOuterDisposeScope();
    }

    /// <summary>The labels that places of zones hold.</summary>
    /// <param name="done">Called with the number of images done.</param>
    /// <inheritdoc cref="Latents"/>
    /// <returns>By image and place, [N, K].</returns>
    internal long[,] Labels(Classifier classifier, Tensor anchors, Tensor draws, Action<long> done)
    {
        using var frozen = no_grad();
        var (images, places) = (anchors.shape[0], draws.shape[0]);
        var (rows, columns) = reference is null ? (images, 1) : (Math.Min(Rows, images), places);      // zones among each other need all images together
        var labels = new long[images, places];
        for (long start = 0; start < images; start += rows)
        for (long place = 0; place < places; place += columns)
        {
            using var scope = NewDisposeScope();
            var tile = Latents(anchors.narrow(0, start, Math.Min(rows, images - start)), draws.narrow(0, place, columns)).flatten(0, 1);
            foreach (var (index, label) in classifier.Labels(tile).Index())
                labels[start + index / columns, place + index % columns] = label;
            done(start + Math.Min(rows, images - start) * (place + columns) / places);
        }

        return labels;
    }

    private Tensor AmongEachOther(Tensor anchors, Tensor draws)
    {
        var grouped = anchors.index_select(0, mixed);
        var latents = Enumerable.Range(0, (int)draws.shape[0]).Select(place =>
            BatchedLatents.Of(_flow, grouped, draws.narrow(0, place, 1).expand_as(grouped), recipe.Evaluation.BatchSize));
        return stack([.. latents], dim: 1).index_select(0, mixed.argsort());       // in the images' own order again
    }

    private Tensor Among(Tensor others, Tensor anchors, Tensor draws)
    {
        var own = full(draws.shape[0], others.shape[0], dtype: ScalarType.Int64);      // the image's anchor stands behind the others
        return stack([.. Enumerable.Range(0, (int)anchors.shape[0]).Select(image => _flow.Forward(cat([others, anchors.narrow(0, image, 1)]), draws, own))]);
    }
}

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
        var labels = model.Classifier() is { } classifier
            ? zones.Labels(classifier, anchors, zones.Middle(), context.Stage("read labels", Images.Count))
            : new long[Images.Count, 1];
        _labels = tensor(labels).squeeze(1).DetachFromDisposeScope();
        _latents = zones.Latents(anchors, zones.Draws(1, seed)).squeeze(1).DetachFromDisposeScope();
        _reader = new ImageReader(Images, model.Recipe.Image, BadImagePolicy.Fail, context.Log);        // all were read before
    }

    internal IReadOnlyList<InputImage> Images { get; }

    internal LznModel Model => _model.Model;

    internal Recipe Recipe => _model.Recipe;

    /// <returns>Images, [B, 3, S, S]; their latents, [B, d]; their labels as the decoder takes them, [B, classes].</returns>
    internal (Tensor Images, Tensor Latents, Tensor Labels) Read(long start, long count) =>
        (_reader.Begin(start, count).Take(), _latents.narrow(0, start, count), Model.OneHot(_labels.narrow(0, start, count)));

    public void Dispose()
    {
        _latents.Dispose();
        _labels.Dispose();
    }
}

/// <summary>Images that could be read, and what the encoder makes of each by itself.</summary>
/// <param name="Anchors">[N, d].</param>
internal sealed record EncodedImages(IReadOnlyList<InputImage> Images, Tensor Anchors)
{
    /// <param name="what">Names the images where the command tells how far it is.</param>
    internal static EncodedImages Of(ModelFile model, IReadOnlyList<InputImage> images, string what, InputOptions options, CommandContext context)
    {
        var reader = new ImageReader(images, model.Recipe.Image, options.OnBadImage, context.Log);
        var encodings = Encodings.Of(
            model.Model.Encoder,
            images.Count,
            options.BatchSize ?? Encodings.BatchSize,
            reader.Begin,
            keepsFeatures: false,
            context.Stage($"encode {what}", images.Count));
        return new EncodedImages(reader.Taken, encodings.Anchors);
    }
}

/// <summary>What a model reads from an image.</summary>
/// <param name="Label">That of the middle of its zone.</param>
/// <param name="Shares">Which fraction of the zone each label has, by label; they add up to 1.</param>
internal sealed record ClassReading(string Id, int Label, double[] Shares)
{
    /// <param name="read">The label of the zone's middle, then those of other places.</param>
    internal static ClassReading Of(string id, int[] read, int classes)
    {
        var shares = new double[classes];
        foreach (var label in read[1..])
            shares[label] += 1.0 / (read.Length - 1);
        return new ClassReading(id, read[0], shares);
    }

    /// <summary>The label, then the others, the greatest share first.</summary>
    internal IEnumerable<(int Label, double Share)> Ranked() =>
        Shares.Select((share, label) => (label, share))
            .OrderByDescending(each => each.label == Label).ThenByDescending(each => each.share).ThenBy(each => each.label);
}
