using LznPipeline.GpuJob.Data.Batches;
using LznPipeline.GpuJob.Evaluation.Features;
using LznPipeline.GpuJob.Flow;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation;

/// <summary>What an encoder makes of many images, in their order.</summary>
/// <param name="Features">What the last layers make the anchors from, [N, features]; null where the network has no such place.</param>
/// <param name="Anchors">[N, d].</param>
internal sealed record Encodings(Tensor? Features, Tensor Anchors)
{
    /// <summary>Images that go through the encoder together. Each is encoded by itself, so that this changes memory and rounding only.</summary>
    internal const int BatchSize = 256;

    /// <param name="done">Called with the number of images done.</param>
    internal static Encodings Of(ImageEncoder encoder, ImageSample images, Action<long> done) =>
        Of(encoder, images.Count, BatchSize, images.Begin, keepsFeatures: true, done);

    /// <param name="count">Of the images.</param>
    /// <param name="images">
    /// Begins to decode consecutive images, given the first one's number and their number; fewer are taken where some cannot be used.
    /// The next ones are begun before the encoder computes, so that both go on together.
    /// </param>
    /// <param name="keepsFeatures">Whether anybody asks for them; they may be far longer than anchors.</param>
    /// <param name="done">Called with the number of images done.</param>
    /// <returns>In memory, wherever the encoder computes.</returns>
    internal static Encodings Of(ImageEncoder encoder, long count, int batchSize, Func<long, long, PaintedImages> images, bool keepsFeatures, Action<long> done)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var (device, features, anchors) = (encoder.Device(), new List<Tensor>(), new List<Tensor>());
        var next = Begin(0);
        try
        {
            for (long start = 0; start < count; start += batchSize)
            {
                GarbageCollections.AtRest();
                using var batch = NewDisposeScope();
                var given = next.Take().to(device);
                var end = Math.Min(start + batchSize, count);
                if (end < count)
                    next = Begin(end);
                if (given.shape[0] > 0)
                {
                    var read = encoder.Read(given);
                    anchors.Add(read.Anchors.cpu().MoveToOuterDisposeScope());
                    if (keepsFeatures && read.Features is { } before)
                        features.Add(before.cpu().MoveToOuterDisposeScope());
                }

                done(end);
            }
        }
        finally
        {
            next.Dispose();
        }

        return new Encodings(features.Count > 0 ? cat(features).MoveToOuterDisposeScope() : null, cat(anchors).MoveToOuterDisposeScope());

        PaintedImages Begin(long start) => images(start, Math.Min(batchSize, count - start));
    }
}

/// <summary>Latents of many images, whose zones are formed batch by batch.</summary>
internal static class BatchedLatents
{
    /// <param name="anchors">[N, d].</param>
    /// <param name="prior">N(0, I) times the wanted scale, [N, d]; zeros give the middle of each zone.</param>
    /// <param name="batchSize">Images whose zones share the latent space.</param>
    /// <returns>[N, d].</returns>
    /// <remarks>
    /// An image's latent depends on the zones of the others in its batch. Every batch is full: the last one begins early enough, and only its new images count,
    /// because among few zones a latent says little about its image.
    /// </remarks>
    internal static Tensor Of(LatentFlow flow, Tensor anchors, Tensor prior, long batchSize)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var count = anchors.shape[0];
        var size = Math.Min(batchSize, count);
        var own = arange(size, dtype: ScalarType.Int64);
        var latents = new List<Tensor>();
        for (var done = 0L; done < count; done += size)
        {
            using var batch = NewDisposeScope();
            var start = Math.Min(done, count - size);
            var all = flow.Forward(anchors.narrow(0, start, size), prior.narrow(0, start, size), own);
            latents.Add(all.narrow(0, done - start, size - (done - start)).MoveToOuterDisposeScope());
        }

        return cat(latents).MoveToOuterDisposeScope();
    }
}

/// <summary>
/// Reads labels from images: image anchor, forward to a latent among the batch's anchors, back among the label anchors,
/// nearest of them (docs/method.md, section 3, case 3).
/// </summary>
/// <param name="model">Of the joint case.</param>
internal sealed class Classifier(LznModel model, Recipe recipe)
{
    private readonly LatentFlow _flow = LatentFlow.Of(recipe.Flow);
    private readonly LatentFlow _labelFlow = LatentFlow.Of(recipe.LabelFlow!);      // who has label anchors has their flow
    private readonly Tensor _known = model.LabelAnchors
        ?? throw new ArgumentException($"A model of objective {recipe.Objective} knows no labels.", nameof(model));

    /// <summary>Latents of images, [N, d], formed as <see cref="BatchedLatents"/> says.</summary>
    /// <param name="anchors">[N, d].</param> <param name="prior">N(0, I) times the wanted scale, [N, d].</param>
    internal Tensor Latents(Tensor anchors, Tensor prior) => BatchedLatents.Of(_flow, anchors, prior, recipe.Evaluation.BatchSize);

    /// <summary>Labels of latents.</summary>
    /// <param name="latents">[N, d].</param> <param name="weights">Of the labels, such as their frequencies, [classes]; null for equal ones.</param>
    /// <returns>int64 [N].</returns>
    internal long[] Labels(Tensor latents, Tensor? weights = null)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var anchors = _known.cpu();
        return Distances.Squared(_labelFlow.Arrive(latents, anchors, weights), anchors).argmin(1).data<long>().ToArray();
    }
}
