using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Flow;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Randomness;
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
        var (latents, noise) = Beginnings(batch, labels);
        return _sampler.Draw(noise, latents, model.OneHot(labels), predicted).MoveToOuterDisposeScope();
    }

    /// <summary>Images that are each a batch of their own, though they are drawn together: which others are drawn changes them by rounding, or within the solver's tolerance.</summary>
    /// <param name="first">Which of the images that the seed gives is the first.</param> <param name="labels">As in <see cref="Draw"/>.</param>
    /// <returns>[B, 3, S, S], mostly in [-1, 1].</returns>
    internal Tensor DrawEach(long first, Tensor labels)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var begins = Enumerable.Range(0, (int)labels.shape[0]).Select(index => Beginnings(first + index, labels.narrow(0, index, 1))).ToList();
        return _sampler.Draw(cat([.. begins.Select(each => each.Noise)]), cat([.. begins.Select(each => each.Latents)]), model.OneHot(labels)).MoveToOuterDisposeScope();
    }

    /// <summary>Where the images of a batch begin.</summary>
    /// <param name="batch">Which of the images that the seed gives.</param> <param name="labels">int64 [B]; only their number counts where the model knows no labels.</param>
    /// <returns>Latents, [B, d], and noise, [B, 3, S, S].</returns>
    internal (Tensor Latents, Tensor Noise) Beginnings(long batch, Tensor labels)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        using var priors = _draws.For(RandomStream.SamplePrior, batch);
        using var noises = _draws.For(RandomStream.SampleNoise, batch);
        var prior = randn(labels.shape[0], recipe.Encoder.LatentDimension, generator: priors);
        var noise = randn(labels.shape[0], Picture.Channels, recipe.Image.Size, recipe.Image.Size, generator: noises);
        var latents = model.LabelAnchors is { } anchors ? LatentFlow.Of(recipe.LabelFlow!).Forward(anchors.cpu(), prior, labels) : prior;     // who has label anchors has their flow
        return scope.MoveToOuter(latents, noise);
    }
}
