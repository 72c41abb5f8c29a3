using LznPipeline.GpuJob.Evaluation;
using LznPipeline.GpuJob.Flow;
using LznPipeline.GpuJob.Inference.Arguments;
using LznPipeline.GpuJob.Randomness;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Inference;

/// <summary>
/// The zones of images: each one's by itself among those of a reference; or all among each other, in groups as evaluation forms them, mixed, because a folder has its classes in turn and
/// among zones of one class a latent says little of the class.
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
        var latents = Enumerable.Range(0, (int)draws.shape[0]).Select(place => BatchedLatents.Of(_flow, grouped, draws.narrow(0, place, 1).expand_as(grouped), recipe.Evaluation.BatchSize));
        return stack([.. latents], dim: 1).index_select(0, mixed.argsort());       // in the images' own order again
    }

    private Tensor Among(Tensor others, Tensor anchors, Tensor draws)
    {
        var own = full(draws.shape[0], others.shape[0], dtype: ScalarType.Int64);      // the image's anchor stands behind the others
        return stack([.. Enumerable.Range(0, (int)anchors.shape[0]).Select(image => _flow.Forward(cat([others, anchors.narrow(0, image, 1)]), draws, own))]);
    }
}
