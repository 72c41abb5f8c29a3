using LznPipeline.GpuJob.Flow;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Training;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Objectives;

/// <summary>The zones that the images of a batch own in the latent space.</summary>
internal sealed class Zones(Recipe recipe, LznModel model, Draws draws)
{
    private readonly LatentFlow _flow = LatentFlow.Of(recipe.Flow);

    /// <param name="images">[B, 3, S, S].</param> <returns>[B, d].</returns>
    internal Tensor Anchors(Tensor images) => model.Encoder.call(images);

    /// <summary>A latent from the zone of each image.</summary>
    /// <param name="images">[B, 3, S, S].</param>
    /// <param name="priorScale">Of the prior draws: below 1, latents lie nearer to the middle of their zones.</param>
    /// <returns>[B, d].</returns>
    internal Tensor Latents(Tensor images, long iteration, double priorScale = 1)
    {
        var anchors = Anchors(images);
        using var generator = draws.For(RandomStream.Prior, iteration);
        var prior = randn(anchors.shape, generator: generator) * priorScale;
        return _flow.Forward(anchors, prior, arange(anchors.shape[0], dtype: ScalarType.Int64));
    }
}
