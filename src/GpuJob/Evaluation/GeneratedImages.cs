using LznPipeline.GpuJob.Evaluation.Features;
using LznPipeline.GpuJob.Evaluation.Metrics;
using LznPipeline.GpuJob.Evaluation.Reports;
using LznPipeline.GpuJob.Flow;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Randomness;
using LznPipeline.GpuJob.Sampling;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation;

/// <summary>Compares many generated images with real ones on the features of a network.</summary>
/// <param name="reference">The real images.</param>
/// <param name="others">Real images of the other split, as many as are generated if there are so many: what a perfect model would score.</param>
internal sealed class GeneratedImages(
    LznModel model, Recipe recipe, IFeatureNetwork network, ImageSample reference, ImageSample others, long seed, JobContext context)
{
    private readonly ImageEvaluationRecipe _images = recipe.Evaluation.Images!;     // what has a decoder has this section

    internal Section Measure()
    {
        using var scope = NewDisposeScope();
        var real = Features("features of real images", reference.Count, reference.Images);
        var floor = Features("features of other real images", others.Count, others.Images);
        var made = Enumerable.Range(0, _images.Seeds)
            .Select(run => Features($"generated images, seed {seed + run}", _images.Samples, Drawn(seed + run))).ToList();
        context.Stage("compare images", 1)(0);
        return new Section(
            "Generated images against real ones",
            "Means over the seeds, with their standard deviation. "
            + "Distances depend on the number of images: they compare only with the same network, reference and numbers.",
            new MetricTable([.. Figures(real, floor, made)]),
            new FactTable(Facts()));
    }

    private ImageFeatures Features(string stage, long count, Func<long, long, Tensor> images) =>
        FeatureTables.Of(network, count, recipe.Evaluation.BatchSize, images, context.Stage(stage, count));

    /// <summary>Images of one seed. Labels come as often as among the real images.</summary>
    private Func<long, long, Tensor> Drawn(long from)
    {
        var images = new ModelImages(model, recipe, from);
        var labels = reference.Labels.index_select(
            0, linspace(0, reference.Count - 1, _images.Samples, dtype: ScalarType.Float64).round().to_type(ScalarType.Int64));
        return (start, count) => images.Draw(start / recipe.Evaluation.BatchSize, labels.narrow(0, start, count));
    }

    private IEnumerable<Metric> Figures(ImageFeatures real, ImageFeatures floor, List<ImageFeatures> made)
    {
        yield return Metric.OfRuns(
            MetricNames.FrechetDistance,
            "Frechet distance",
            [.. made.Select(run => FrechetDistance.Of(real.Pooled, run.Pooled))],
            "of the features' means and covariances; 0 for the same images, less is better");
        yield return new Metric(
            $"{MetricNames.FrechetDistance}.real",
            "the same of real images",
            FrechetDistance.Of(real.Pooled, floor.Pooled),
            $"what {floor.Pooled.shape[0]} real images of the other split score: about the best that is possible");
        if (real.Spatial is { } places)
            yield return Metric.OfRuns(
                "spatial_frechet_distance",
                "Spatial Frechet distance",
                [.. made.Select(run => FrechetDistance.Of(places, run.Spatial!))],       // one network made both
                "the same on features of places: sees wrong arrangements");
        if (made.TrueForAll(run => run.Logits is not null))
        {
            yield return Metric.OfRuns(
                "inception_score",
                "Inception score",
                [.. made.Select(run => InceptionScore.Of(run.Logits!))],        // as the condition says
                $"clear and varied classes, splits of {InceptionScore.SplitSize}; 1 is the least, more is better");
            yield return new Metric("inception_score.real", "the same of real images", InceptionScore.Of(real.Logits!), "of the reference images");
        }

        if (Math.Min(reference.Count, _images.Samples) <= PrecisionRecall.Neighbours)
            yield break;
        var precisionRecall = made.ConvertAll(run => PrecisionRecall.Of(real.Pooled, run.Pooled));
        yield return Metric.OfRuns(
            "precision_k3",
            "Precision",
            precisionRecall.ConvertAll(each => each.Precision),
            $"part of the generated images amid the real ones ({PrecisionRecall.Neighbours} neighbours): quality") with { IsFraction = true };
        yield return Metric.OfRuns(
            "recall_k3",
            "Recall",
            precisionRecall.ConvertAll(each => each.Recall),
            "part of the real images amid the generated ones: variety") with { IsFraction = true };
    }

    private (string Name, string Value)[] Facts() =>
    [
        ("reference", $"{reference.Count} images of the {(_images.Reference is ReferenceSplit.Train ? "train" : "test")} split"),
        ("generated", $"{_images.Samples} images for each of {_images.Seeds} seeds, from {seed} on; EMA of the weights; pixels rounded to 256 values"),
        ("feature network", network.Provenance.Network),
        ("its SHA-256", network.Provenance.Sha256),
        ("resize", network.Provenance.Resize),
    ];
}

/// <summary>Pictures of what a model generates.</summary>
internal static class SamplePictures
{
    internal const string ByClass = "by-class";
    internal const string Random = "random";
    internal const string Steps = "steps";

    /// <returns>
    /// PNG files by name: <see cref="ByClass"/>, a row for each class, or <see cref="Random"/>, a square. If the recipe asks for all steps, also
    /// <see cref="Steps"/>: for each image of the first row a row of what it would have become after each step.
    /// </returns>
    internal static IEnumerable<(string Name, byte[] Png)> Draw(LznModel model, Recipe recipe, long seed)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var sampling = recipe.Sampling!;                                                        // who has a decoder has this section
        var rows = model.Classes > 0 ? model.Classes : sampling.Columns;
        var labels = arange(rows, dtype: ScalarType.Int64).repeat_interleave(sampling.Columns);     // [rows * columns]
        var steps = new List<Tensor>();
        var images = new ModelImages(model, recipe, seed).Draw(0, labels, sampling.AllSteps ? Keep : null);
        scope.Attach(steps);
        var pictures = new List<(string, byte[])> { (model.Classes > 0 ? ByClass : Random, PictureGrid.Png(images, sampling.Columns)) };
        if (sampling.AllSteps)
            pictures.Add((Steps, PictureGrid.Png(stack(steps, dim: 1).flatten(0, 1), steps.Count)));         // [columns * steps, 3, S, S]
        return pictures;

        // The way ends with a scope of its own, so what is kept leaves every scope first.
        void Keep(Tensor predicted, double t) =>
            steps.Add(predicted.narrow(0, 0, sampling.Columns).to_type(ScalarType.Float32, copy: true).DetachFromDisposeScope());
    }
}

/// <summary>The report's pictures of random samples, not chosen by anybody.</summary>
internal static class Samples
{
    internal static Section Draw(LznModel model, Recipe recipe, string[] classes, long seed) => new(
        "Samples",
        // who has a decoder has this section
        $"Drawn with the EMA of the weights by {Words(recipe.Sampling!)}, seed {seed}. They are the first that the seed gives; none was chosen.",
        [.. SamplePictures.Draw(model, recipe, seed).Select(picture =>
            new PicturePlate($"samples/{picture.Name}.png", picture.Png, Caption(picture.Name, classes)))]);

    private static string Caption(string name, string[] classes) => name switch
    {
        SamplePictures.ByClass => $"A row for each class, from top to bottom: {string.Join(", ", classes)}.",
        SamplePictures.Steps => "Each image of the first row, as it would have ended after each step, from the first (left) to the last (right).",
        _ => "Images without any condition.",
    };

    private static string Words(SamplingRecipe sampling) => sampling.Solver is SamplingSolver.Rk45
        ? $"adaptive Runge-Kutta steps (tolerance {sampling.Tolerance})"
        : $"{sampling.Steps} Euler steps";
}

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
            $"Each of {count} test images is led back to its noise by its own latent{(model.Classes > 0 ? " and label" : "")}, and forward again. "
            + "What is lost is lost by the steps of both ways.",
            new MetricTable(
                new Metric("reconstruction_l2", "Mean L2 distance", mean, "length of the difference, over images with pixels in [-1, 1]; 0 is perfect"),
                new Metric("reconstruction_rms", "the same for a pixel", perPixel, "over the square root of the number of pixels and channels")),
            Plate(shown[0].Image, shown[0].Rebuilt));
    }

    private static PicturePlate Plate(Tensor images, Tensor rebuilt)
    {
        var columns = (int)Math.Min(ShownColumns, images.shape[0]);
        var rows = (int)Math.Min(ShownRows, images.shape[0] / columns);
        var pairs = Enumerable.Range(0, rows).SelectMany(row => new[] { images.narrow(0, row * columns, columns), rebuilt.narrow(0, row * columns, columns) });
        return new PicturePlate(
            "samples/reconstructions.png", PictureGrid.Png(cat([.. pairs]), columns), "Test images, and below each what was rebuilt of it.");
    }
}
