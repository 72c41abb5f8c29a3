using LznPipeline.GpuJob.Flow;
using LznPipeline.GpuJob.Networks;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation;

/// <summary>Reads labels from images: image anchor, forward to a latent among the batch's anchors, back among the label anchors, nearest of them (docs/method.md, section 3, case 3).</summary>
/// <param name="model">Of the joint case.</param>
internal sealed class Classifier(LznModel model, Recipe recipe)
{
    private readonly LatentFlow _flow = LatentFlow.Of(recipe.Flow);
    private readonly LatentFlow _labelFlow = LatentFlow.Of(recipe.LabelFlow!);      // who has label anchors has their flow
    private readonly Tensor _known = model.LabelAnchors ?? throw new ArgumentException($"A model of objective {recipe.Objective} knows no labels.", nameof(model));

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
