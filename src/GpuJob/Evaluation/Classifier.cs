using LznPipeline.GpuJob.Flow;
using LznPipeline.GpuJob.Networks;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation;

/// <summary>Reads labels from images: image anchor, forward to a latent among the batch's anchors, back among the label anchors, nearest of them.</summary>
/// <param name="model">Of the joint case.</param>
internal sealed class Classifier(LznModel model, Recipe recipe)
{
    private readonly Tensor _labelAnchors = model.LabelAnchors ?? throw new ArgumentException($"A model of objective {recipe.Objective} knows no labels.", nameof(model));
    private readonly LatentFlow _flow = LatentFlow.Of(recipe.Flow);
    private readonly LatentFlow _labelFlow = LatentFlow.Of(recipe.LabelFlow!);      // who has label anchors has their flow

    /// <summary>Labels of images by their anchors.</summary>
    /// <param name="anchors">[N, d].</param>
    /// <param name="prior">N(0, I) times the wanted scale, [N, d].</param>
    /// <returns>int64 [N].</returns>
    /// <remarks>
    /// An image's latent depends on the zones of the others in its batch. Every batch is full: the last one begins early enough, and only its new images count,
    /// because among few zones a latent says little about its image.
    /// </remarks>
    internal long[] Predict(Tensor anchors, Tensor prior)
    {
        using var inference = no_grad();
        var labels = new List<long>();
        var size = Math.Min(recipe.Evaluation.BatchSize, anchors.shape[0]);
        while (labels.Count < anchors.shape[0])
        {
            using var scope = NewDisposeScope();
            var start = Math.Min(labels.Count, anchors.shape[0] - size);
            var own = arange(size, dtype: ScalarType.Int64);
            var latents = _flow.Forward(anchors.narrow(0, start, size), prior.narrow(0, start, size), own);
            var nearest = Distances.Squared(_labelFlow.Arrive(latents, _labelAnchors), _labelAnchors).argmin(1);
            labels.AddRange(nearest.data<long>().ToArray()[(int)(labels.Count - start)..]);
        }

        return [.. labels];
    }
}
