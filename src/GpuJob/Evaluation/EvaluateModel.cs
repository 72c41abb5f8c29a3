using System.Globalization;
using System.Text;
using LznPipeline.GpuJob.Checkpoints;
using LznPipeline.GpuJob.Data;
using LznPipeline.GpuJob.Data.Sources;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Training;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation;

/// <summary>Measures a model on images it has not seen, and draws images if it can.</summary>
internal static class EvaluateModel
{
    internal static async Task<EvaluateJobResult> RunAsync(EvaluateJob job, JobContext context)
    {
        var manifest = await Datasets.ManifestAsync(context, job.Dataset);
        using var file = Checkpoint.Read(await context.FetchAsync(job.Weights), job.Weights);
        var joint = file.Recipe.Objective is Objective.Joint;
        if (joint && !file.Classes.SequenceEqual(manifest.Classes))
            throw new BadInputException($"The model knows the classes {string.Join(", ", file.Classes)}; dataset {manifest.Name} has {string.Join(", ", manifest.Classes)}.");
        using var images = await Datasets.LoadAsync(context, manifest, SplitPlan.Test, file.Recipe.Image);

        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal);
        var samples = new List<StoredFile>();
        using var mean = file.Build(ema: true);
        using var plain = file.Build(ema: false);
        using (var batches = await Datasets.BatchesAsync(context, manifest, SplitPlan.Test, file.Recipe, job.Seed))
        {
            foreach (var (model, suffix) in new[] { (mean, string.Empty), (plain, ".plain") })
                metrics[MetricNames.ValidationLoss + suffix] = ValidationLoss.Of(model, file.Recipe, batches, job.Seed, done => Report(context, "validate", done, images));
        }

        if (joint)
        {
            var confusion = Measure(mean, file, images, job.Seed, context, metrics, suffix: string.Empty);
            Measure(plain, file, images, job.Seed, context, metrics, suffix: ".plain");
            for (var label = 0; label < file.Classes.Length; label++)
            {
                if (confusion.Recall(label) is { } recall)
                    metrics[$"recall.{file.Classes[label]}"] = recall;
            }

            samples.Add(await context.WriteAsync("samples/confusion.csv", Encoding.UTF8.GetBytes(confusion.ToCsv())));
        }

        foreach (var (name, value) in metrics)
            context.Log.Measured(name, value);
        if (file.Recipe.Sampling is not null)
        {
            Report(context, "draw samples", images.Count, images);
            foreach (var (name, picture) in SamplePictures.Draw(mean, file.Recipe, job.Seed))
                samples.Add(await context.WriteAsync($"samples/{name}.png", picture));
        }

        return new EvaluateJobResult(metrics, [.. samples]);
    }

    private static void Report(JobContext context, string stage, long done, ImageSet images)
    {
        context.ThrowIfStopRequested();
        context.Report(new JobProgress(stage, done, images.Count));
    }

    /// <summary>Accuracy at every prior scale of the recipe. The first is the one named plainly; chosen before training, not by its figure.</summary>
    private static Confusion Measure(LznModel model, Checkpoint file, ImageSet images, long seed, JobContext context, SortedDictionary<string, double> metrics, string suffix)
    {
        var classifier = new Classifier(model, file.Recipe);
        using var scope = NewDisposeScope();
        var anchors = ImageAnchors.Of(model, images, file.Recipe.Evaluation.BatchSize, done => Report(context, "classify", done, images));
        using var generator = new Draws(seed).For(RandomStream.TestPrior, 0);
        var prior = randn(anchors.shape, generator: generator);
        var actual = images.Labels.data<long>().ToArray();
        var confusions = file.Recipe.Evaluation.PriorScales!.Select(scale => (scale, new Confusion(file.Classes, actual, classifier.Predict(anchors, prior * scale)))).ToList();
        foreach (var (scale, confusion) in confusions)
            metrics[$"{MetricNames.Accuracy}{suffix}.prior-{scale.ToString("0.##", CultureInfo.InvariantCulture)}"] = confusion.Accuracy;
        metrics[MetricNames.Accuracy + suffix] = confusions[0].Item2.Accuracy;
        return confusions[0].Item2;
    }
}
