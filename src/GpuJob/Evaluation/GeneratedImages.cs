using LznPipeline.GpuJob.Evaluation.Features;
using LznPipeline.GpuJob.Evaluation.Figures;
using LznPipeline.GpuJob.Evaluation.Reports;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Sampling;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation;

/// <summary>Compares many generated images with real ones on the features of a network.</summary>
/// <param name="reference">The real images.</param> <param name="others">Real images of the other split, as many as are generated if there are so many: what a perfect model would score.</param>
internal sealed class GeneratedImages(LznModel model, Recipe recipe, IFeatureNetwork network, ImageSample reference, ImageSample others, long seed, JobContext context)
{
    private readonly ImageEvaluationRecipe _images = recipe.Evaluation.Images!;     // what has a decoder has this section

    internal Section Measure()
    {
        using var scope = NewDisposeScope();
        var real = Features("features of real images", reference.Count, reference.Images);
        var floor = Features("features of other real images", others.Count, others.Images);
        var made = Enumerable.Range(0, _images.Seeds).Select(run => Features($"generated images, seed {seed + run}", _images.Samples, Drawn(seed + run))).ToList();
        context.Stage("compare images", 1)(0);
        return new Section(
            "Generated images against real ones",
            "Means over the seeds, with their standard deviation. Distances depend on the number of images: they compare only with the same network, reference and numbers.",
            new FigureTable([.. Figures(real, floor, made)]),
            new FactTable(Facts()));
    }

    private ImageFeatures Features(string stage, long count, Func<long, long, Tensor> images) => FeatureTables.Of(network, count, recipe.Evaluation.BatchSize, images, context.Stage(stage, count));

    /// <summary>Images of one seed. Labels come as often as among the real images.</summary>
    private Func<long, long, Tensor> Drawn(long from)
    {
        var images = new ModelImages(model, recipe, from);
        var labels = reference.Labels.index_select(0, linspace(0, reference.Count - 1, _images.Samples, dtype: ScalarType.Float64).round().to_type(ScalarType.Int64));
        return (start, count) => images.Draw(start / recipe.Evaluation.BatchSize, labels.narrow(0, start, count));
    }

    private IEnumerable<Figure> Figures(ImageFeatures real, ImageFeatures floor, List<ImageFeatures> made)
    {
        yield return Figure.OfRuns(MetricNames.FrechetDistance, "Frechet distance", [.. made.Select(run => FrechetDistance.Of(real.Pooled, run.Pooled))], "of the features' means and covariances; 0 for the same images, less is better");
        yield return new Figure($"{MetricNames.FrechetDistance}.real", "the same of real images", FrechetDistance.Of(real.Pooled, floor.Pooled), $"what {floor.Pooled.shape[0]} real images of the other split score: about the best that is possible");
        if (real.Spatial is { } places)
            yield return Figure.OfRuns("spatial_frechet_distance", "Spatial Frechet distance", [.. made.Select(run => FrechetDistance.Of(places, run.Spatial!))], "the same on features of places: sees wrong arrangements");      // one network made both
        if (made.TrueForAll(run => run.Logits is not null))
        {
            yield return Figure.OfRuns("inception_score", "Inception score", [.. made.Select(run => InceptionScore.Of(run.Logits!))], $"clear and varied classes, splits of {InceptionScore.SplitSize}; 1 is the least, more is better");      // as the condition says
            yield return new Figure("inception_score.real", "the same of real images", InceptionScore.Of(real.Logits!), "of the reference images");
        }

        if (Math.Min(reference.Count, _images.Samples) <= PrecisionRecall.Neighbours)
            yield break;
        var precisionRecall = made.ConvertAll(run => PrecisionRecall.Of(real.Pooled, run.Pooled));
        yield return Figure.OfRuns("precision_k3", "Precision", precisionRecall.ConvertAll(each => each.Precision), $"part of the generated images amid the real ones ({PrecisionRecall.Neighbours} neighbours): quality") with { IsShare = true };
        yield return Figure.OfRuns("recall_k3", "Recall", precisionRecall.ConvertAll(each => each.Recall), "part of the real images amid the generated ones: variety") with { IsShare = true };
    }

    private (string Name, string Value)[] Facts() =>
    [
        ("reference", $"{reference.Count} images of the {(_images.Reference is ReferenceSplit.Train ? "train" : "test")} split"),
        ("generated", $"{_images.Samples} images for each of {_images.Seeds} seeds, from {seed} on; running means of the weights; pixels rounded to 256 values"),
        ("feature network", network.Provenance.Network),
        ("its SHA-256", network.Provenance.Sha256),
        ("resize", network.Provenance.Resize),
    ];
}
