using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Flow;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Training;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Sampling;

/// <summary>New images of a model: a latent, from the prior or from a label's zone, and noise, both drawn by seed and batch, then the decoder.</summary>
/// <param name="model">With a decoder.</param>
internal sealed class ModelImages(LznModel model, Recipe recipe, long seed)
{
    private readonly Draws _draws = new(seed);
    private readonly ImageSampler _sampler = new(model.Decoder!, recipe.Sampling!);     // who has a decoder has this section

    /// <param name="batch">Which of the images that the seed gives.</param>
    /// <param name="labels">int64 [B]; only their number counts where the model knows no labels.</param>
    /// <param name="predicted">As in <see cref="ImageSampler.Draw"/>.</param>
    /// <returns>[B, 3, S, S], mostly in [-1, 1].</returns>
    internal Tensor Draw(long batch, Tensor labels, Waypoint? predicted = null)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        using var priors = _draws.For(RandomStream.SamplePrior, batch);
        using var noises = _draws.For(RandomStream.SampleNoise, batch);
        var prior = randn(labels.shape[0], recipe.Encoder.LatentDimension, generator: priors);
        var noise = randn(labels.shape[0], Picture.Channels, recipe.Image.Size, recipe.Image.Size, generator: noises);
        var latents = model.LabelAnchors is { } anchors ? LatentFlow.Of(recipe.LabelFlow!).Forward(anchors, prior, labels) : prior;     // who has label anchors has their flow
        return _sampler.Draw(noise, latents, model.OneHot(labels), predicted).MoveToOuterDisposeScope();
    }
}
