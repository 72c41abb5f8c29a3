using System.Text.Json;
using LznPipeline.GpuJob.Checkpoints;
using LznPipeline.GpuJob.Data;
using LznPipeline.GpuJob.Data.Batches;
using LznPipeline.GpuJob.Data.Sources;
using LznPipeline.GpuJob.Evaluation.Features;
using LznPipeline.GpuJob.Evaluation.Reports;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared;
using LznPipeline.Shared.Hashing;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Storage;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation;

/// <summary>
/// Measures a model on images it has not seen, draws samples, and writes the figures, the pictures and a report of them all (docs/method.md, section 6).
/// </summary>
internal static class EvaluateModel
{
    internal static async Task<EvaluateJobResult> RunAsync(EvaluateJob job, JobContext context)
    {
        var manifest = await Datasets.ManifestAsync(context, job.Dataset);
        await using var content = await context.FetchAsync(job.Weights);
        var sha256 = await ContentHash.Sha256Async(content, context.Abort);
        using var file = Checkpoint.Read(content, job.Weights);
        if (file.Recipe.Objective is Objective.Joint && !file.Classes.SequenceEqual(manifest.Classes))
            throw new BadInputException(
                $"The model knows the classes {string.Join(", ", file.Classes)}; dataset {manifest.Name} has {string.Join(", ", manifest.Classes)}.");
        using var train = await Datasets.LoadAsync(context, manifest, SplitPlan.Train, file.Recipe.Image);
        using var test = await Datasets.LoadAsync(context, manifest, SplitPlan.Test, file.Recipe.Image);
        using var network = await FeatureNetworkAsync(job, file.Recipe, train, test, manifest.Classes.Length, context);
        using var validation = await Datasets.BatchesAsync(
            context, manifest, SplitPlan.Test, file.Recipe, BatchPlan.For(file.Recipe, job.Seed), context.Launch.Device);
        var curves = await CurvesAsync(job, context);

        using var measurement = new Measurement(file, manifest.Classes, train, test, validation, network, job.Seed, context);
        var sections = measurement.Sections();
        if (curves is not null)
            sections.Add(new Section(
                "Training",
                "What training reported, iteration by iteration (thin), and the mean around each (thick); under each chart the last mean and the range.",
                new CurvePlate(curves)));
        sections.Add(Configuration.Section(job, manifest, file.Recipe, sha256));
        return await PublishAsync(PrimaryMetricOf(file.Recipe.Objective, network), sections, job, file.Recipe, context);
    }

    /// <summary>Accuracy where labels are read, nearest neighbours where embeddings are all there is, else the distance to real images.</summary>
    private static PrimaryMetric PrimaryMetricOf(Objective objective, IFeatureNetwork? network) => objective switch
    {
        Objective.Joint => new(MetricNames.Accuracy, LowerIsBetter: false, MeasuredWith: null),
        Objective.Representation => new(MetricNames.KnnAccuracy, LowerIsBetter: false, MeasuredWith: null),
        _ => new(MetricNames.FrechetDistance, LowerIsBetter: true, network?.Provenance.Sha256),
    };

    private static string Words(Objective objective) => objective switch
    {
        Objective.Joint => "Joint generation and classification",
        Objective.Representation => "Image representation",
        _ => "Image generation",
    };

    private static async Task<IFeatureNetwork?> FeatureNetworkAsync(
        EvaluateJob job, Recipe recipe, ImageSet train, ImageSet test, int classes, JobContext context)
    {
        if (recipe.Evaluation.Images is not { } images)
            return null;
        if ((job.FeatureNetwork ?? images.FeatureNetwork) is { } named)
            return await TorchScriptFeatures.LoadAsync(named, recipe.Image.Size, context.Launch.Device, context.Store, context.Abort);
        return TrainedFeatures.Train(
            train, test, recipe.Image.Size, classes, context.Launch.Device, total => context.Stage("train a classifier for features", total));
    }

    private static async Task<TrainingCurves?> CurvesAsync(EvaluateJob job, JobContext context)
    {
        if (job.Curves is null || await context.Store.LengthAsync(job.Curves, context.Abort) is null)
            return null;
        await using var csv = await context.Store.OpenReadAsync(job.Curves, context.Abort);
        return await TrainingCurves.ReadAsync(csv, context.Abort);
    }

    private static async Task<EvaluateJobResult> PublishAsync(
        PrimaryMetric primary, IReadOnlyList<Section> sections, EvaluateJob job, Recipe recipe, JobContext context)
    {
        var blocks = sections.SelectMany(section => section.Blocks).ToList();
        var figures = blocks.SelectMany(block => block.Figures).ToList();
        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (var figure in figures)
        {
            context.Log.Measured(figure.Name, figure.Value);
            metrics.Add(figure.Name, figure.Value);
            if (figure.Spread is { } spread)
                metrics.Add($"{figure.Name}.spread", spread);
        }

        var samples = new List<StoredFile>();
        foreach (var (name, bytes) in blocks.SelectMany(block => block.Files))
            samples.Add(await context.WriteAsync(name, bytes));
        var page = new HtmlReport($"{Words(recipe.Objective)} on {job.Dataset.Name}", job.Weights, Headline.Of(figures, primary.Name), sections);
        var report = await context.WriteAsync(BlobLayout.ReportFile, System.Text.Encoding.UTF8.GetBytes(page.ToHtml()));
        return new EvaluateJobResult(metrics, primary, report, [.. samples]);
    }
}

/// <summary>Everything that decided what the report shows.</summary>
internal static class Configuration
{
    /// <param name="sha256">Of the weights.</param>
    internal static Section Section(EvaluateJob job, DatasetManifest manifest, Recipe recipe, string sha256) => new(
        "Configuration",
        "The recipe is the one that the model's file carries.",
        new FactTable(
            ("weights", job.Weights),
            ("their SHA-256", sha256),
            ("dataset", $"{manifest.Name}, version {manifest.Version}: {manifest.Splits[SplitPlan.Train].Images} train "
                + $"and {manifest.Splits[SplitPlan.Test].Images} test images in {manifest.Classes.Length} classes"),
            ("preprocessing's SHA-256", Preprocessing.Of(recipe).Sha256()),
            ("seed", $"{job.Seed}"),
            ("libtorch", $"{__version__}, {get_num_threads()} threads")),
        new SourceText(JsonSerializer.Serialize(recipe, LznJson.Readable)));
}

/// <summary>The few figures that stand above all others in the report.</summary>
internal static class Headline
{
    private const int Most = 4;

    private static readonly string[] Order =
    [
        MetricNames.Accuracy,
        MetricNames.KnnAccuracy,
        EmbeddingQuality.Probe + "1",
        MetricNames.FrechetDistance,
        "precision_k3",
        "recall_k3",
        "reconstruction_l2",
        EmbeddingQuality.Rank
    ];

    /// <param name="first">The primary metric.</param>
    internal static IReadOnlyList<Metric> Of(IReadOnlyList<Metric> figures, string first) =>
        [.. Order.Prepend(first).Distinct().Select(name => figures.FirstOrDefault(figure => figure.Name == name)).OfType<Metric>().Take(Most)];
}
