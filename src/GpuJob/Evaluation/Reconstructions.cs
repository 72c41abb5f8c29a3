using LznPipeline.GpuJob.Evaluation.Features;
using LznPipeline.GpuJob.Evaluation.Reports;
using LznPipeline.GpuJob.Flow;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Randomness;
using LznPipeline.GpuJob.Sampling;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation;

/// <summary>Rebuilds test images: each one's latent, the noise that the decoder's flow leads it back to, and from both the image again.</summary>
internal static class Reconstructions
{
    private const int ShownColumns = 16;
    private const int ShownRows = 2;

    /// <param name="anchors">Of all test images, [N, d]: an image's latent depends on the zones around it.</param>
    internal static Section Measure(LznModel model, Recipe recipe, ImageSample test, Tensor anchors, long seed, JobContext context)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        using var generator = new Draws(seed).For(RandomStream.TestPrior, 0);
        var latents = BatchedLatents.Of(LatentFlow.Of(recipe.Flow), anchors, randn(anchors.shape, generator: generator), recipe.Evaluation.BatchSize);
        var sampler = new ImageSampler(model.Decoder!, recipe.Sampling!);       // what has a decoder is sampled from
        var count = Math.Min(recipe.Evaluation.Images!.Reconstructions, test.Count);
        var stage = context.Stage("reconstruct", count);
        var (distances, shown) = (new List<Tensor>(), new List<(Tensor Image, Tensor Rebuilt)>());
        for (long start = 0; start < count; start += recipe.Evaluation.BatchSize)
        {
            stage(start);
            using var batch = NewDisposeScope();
            var size = Math.Min(recipe.Evaluation.BatchSize, count - start);
            var (images, conditions) = (test.Images(start, size), latents.narrow(0, start, size));
            var labels = model.OneHot(test.Labels.narrow(0, start, size));
            var rebuilt = sampler.Rebuild(images, conditions, labels);
            distances.Add((rebuilt - images).square().sum([1, 2, 3]).sqrt().MoveToOuterDisposeScope());
            if (start == 0)
                shown.Add((images.MoveToOuterDisposeScope(), rebuilt.MoveToOuterDisposeScope()));
        }

        var mean = cat(distances).to_type(ScalarType.Float64).mean().item<double>();
        var perPixel = mean / Math.Sqrt(3.0 * recipe.Image.Size * recipe.Image.Size);
        return new Section(
            "Reconstructions",
            $"Each of {count} test images is led back to its noise by its own latent{(model.Classes > 0 ? " and label" : "")}, and forward again. What is lost is lost by the steps of both ways.",
            new FigureTable(
                new Figure("reconstruction_l2", "Mean L2 distance", mean, "length of the difference, over images with pixels in [-1, 1]; 0 is perfect"),
                new Figure("reconstruction_rms", "the same for a pixel", perPixel, "over the square root of the number of pixels and channels")),
            Plate(shown[0].Image, shown[0].Rebuilt));
    }

    private static PicturePlate Plate(Tensor images, Tensor rebuilt)
    {
        var columns = (int)Math.Min(ShownColumns, images.shape[0]);
        var rows = (int)Math.Min(ShownRows, images.shape[0] / columns);
        var pairs = Enumerable.Range(0, rows).SelectMany(row => new[] { images.narrow(0, row * columns, columns), rebuilt.narrow(0, row * columns, columns) });
        return new PicturePlate("samples/reconstructions.png", PictureGrid.Png(cat([.. pairs]), columns), "Test images, and below each what was rebuilt of it.");
    }
}
