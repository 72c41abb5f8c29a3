using System.Globalization;
using System.Text;
using LznPipeline.GpuJob.Checkpoints;
using LznPipeline.GpuJob.Data;
using LznPipeline.GpuJob.Data.Sources;
using LznPipeline.GpuJob.Flow;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Sampling;
using LznPipeline.GpuJob.Training;
using LznPipeline.Shared.Jobs;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation;

/// <summary>Measures a model on images it has not seen, and draws images of every class.</summary>
internal static class EvaluateModel
{
    internal static async Task<EvaluateJobResult> RunAsync(EvaluateJob job, JobContext context)
    {
        var manifest = await Datasets.ManifestAsync(context, job.Dataset);
        using var file = Checkpoint.Read(await context.FetchAsync(job.Weights), job.Weights);
        if (!file.Classes.SequenceEqual(manifest.Classes))
            throw new BadInputException($"The model knows the classes {string.Join(", ", file.Classes)}; dataset {manifest.Name} has {string.Join(", ", manifest.Classes)}.");
        using var images = await Datasets.LoadAsync(context, manifest, SplitPlan.Test, file.Recipe.Image.Size);

        var metrics = new SortedDictionary<string, double>(StringComparer.Ordinal);
        using var mean = file.Build(ema: true);
        var confusion = Measure(mean, file, images, job.Seed, context, metrics, suffix: string.Empty);
        using (var plain = file.Build(ema: false))
            Measure(plain, file, images, job.Seed, context, metrics, suffix: ".plain");
        for (var label = 0; label < file.Classes.Length; label++)
        {
            if (confusion.Recall(label) is { } recall)
                metrics[$"recall.{file.Classes[label]}"] = recall;
        }

        foreach (var (name, value) in metrics)
            context.Log.Measured(name, value);
        context.ThrowIfStopRequested();
        context.Report(new JobProgress("draw samples", images.Count, images.Count));
        return new EvaluateJobResult(metrics,
        [
            await context.WriteAsync("samples/by-class.png", SamplesByClass(mean, file, job.Seed)),
            await context.WriteAsync("samples/confusion.csv", Encoding.UTF8.GetBytes(confusion.ToCsv())),
        ]);
    }

    /// <summary>Accuracy at every prior scale of the recipe. The first is the one named plainly; chosen before training, not by its figure.</summary>
    private static Confusion Measure(LznModel model, Checkpoint file, ImageSet images, long seed, JobContext context, SortedDictionary<string, double> metrics, string suffix)
    {
        var classifier = new Classifier(model, file.Recipe);
        using var scope = NewDisposeScope();
        var anchors = classifier.Anchors(images, done =>
        {
            context.ThrowIfStopRequested();
            context.Report(new JobProgress("classify", done, images.Count));
        });
        using var generator = new Draws(seed).For(RandomStream.TestPrior, 0);
        var prior = randn(anchors.shape, generator: generator);
        var actual = images.Labels.data<long>().ToArray();
        var confusions = file.Recipe.Evaluation.PriorScales!.Select(scale => (scale, new Confusion(file.Classes, actual, classifier.Predict(anchors, prior * scale)))).ToList();
        foreach (var (scale, confusion) in confusions)
            metrics[$"accuracy{suffix}.prior-{scale.ToString("0.##", CultureInfo.InvariantCulture)}"] = confusion.Accuracy;
        metrics[$"accuracy{suffix}"] = confusions[0].Item2.Accuracy;
        return confusions[0].Item2;
    }

    /// <summary>A row of images for each class.</summary>
    private static byte[] SamplesByClass(LznModel model, Checkpoint file, long seed)
    {
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        var (sampling, size, classes) = (file.Recipe.Sampling!, file.Recipe.Image.Size, file.Classes.Length);
        using var priors = new Draws(seed).For(RandomStream.SamplePrior, 0);
        using var noises = new Draws(seed).For(RandomStream.SampleNoise, 0);
        var labels = arange(classes, dtype: ScalarType.Int64).repeat_interleave(sampling.Columns);          // [classes * columns]
        var prior = randn(labels.shape[0], file.Recipe.Encoder.LatentDimension, generator: priors);
        var latents = LatentFlow.Of(file.Recipe.LabelFlow!).Forward(model.LabelAnchors!, prior, labels);
        var noise = randn(labels.shape[0], Data.Pictures.Picture.Channels, size, size, generator: noises);
        var drawn = EulerSampler.Draw(model.Decoder!, noise, latents, model.OneHot(labels), sampling.Steps);
        return PictureGrid.Png(drawn, sampling.Columns);
    }
}
