using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Flow;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Sampling;
using LznPipeline.GpuJob.Training;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation;

/// <summary>Pictures of what a model generates.</summary>
internal static class SamplePictures
{
    /// <returns>
    /// PNG files by name: <c>by-class</c>, a row for each class, or <c>random</c>, a square. If the recipe asks for all steps, also <c>steps</c>: for each image of the first row a row of
    /// what it would have become after each step.
    /// </returns>
    internal static IEnumerable<(string Name, byte[] Png)> Draw(LznModel model, Recipe recipe, long seed)
    {
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        using var priors = new Draws(seed).For(RandomStream.SamplePrior, 0);
        using var noises = new Draws(seed).For(RandomStream.SampleNoise, 0);
        var (sampling, size) = (recipe.Sampling!, recipe.Image.Size);                           // who has a decoder has this section
        var rows = model.Classes > 0 ? model.Classes : sampling.Columns;
        var count = (long)rows * sampling.Columns;
        var labels = arange(rows, dtype: ScalarType.Int64).repeat_interleave(sampling.Columns);                     // [count]
        var prior = randn(count, recipe.Encoder.LatentDimension, generator: priors);
        var latents = model.LabelAnchors is { } anchors ? LatentFlow.Of(recipe.LabelFlow!).Forward(anchors, prior, labels) : prior;
        var noise = randn(count, Picture.Channels, size, size, generator: noises);
        var sampler = new ImageSampler(model.Decoder!, sampling);
        var pictures = new List<(string, byte[])>
        {
            (model.Classes > 0 ? "by-class" : "random", PictureGrid.Png(sampler.Draw(noise, latents, model.OneHot(labels)), sampling.Columns)),
        };
        if (sampling.AllSteps)
            pictures.Add(("steps", Steps(sampler, noise.narrow(0, 0, sampling.Columns), latents.narrow(0, 0, sampling.Columns), model.OneHot(labels.narrow(0, 0, sampling.Columns)))));
        return pictures;
    }

    private static byte[] Steps(ImageSampler sampler, Tensor noise, Tensor latents, Tensor labels)
    {
        var steps = new List<Tensor>();
        sampler.Draw(noise, latents, labels, (images, _) => steps.Add(images.to_type(ScalarType.Float32).MoveToOuterDisposeScope()));
        return PictureGrid.Png(stack(steps, dim: 1).flatten(0, 1), steps.Count);                // [columns * steps, 3, S, S]
    }
}
