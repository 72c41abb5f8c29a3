using System.Globalization;
using LznPipeline.GpuJob.Evaluation.Metrics;
using LznPipeline.GpuJob.Evaluation.Reports;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Randomness;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation;

/// <summary>
/// How often the joint case reads the right label: on both splits, with equal weights of the labels and with their frequencies,
/// at every prior scale, with EMA weights and raw weights.
/// </summary>
/// <param name="seed">Of the prior draws.</param>
internal sealed class ClassAccuracy(Recipe recipe, string[] classes, long seed, JobContext context)
{
    private readonly double[] _scales = recipe.Evaluation.PriorScales!;     // the joint case has them
    private readonly List<(string Title, IReadOnlyList<Metric?> Figures)> _rows = [];

    /// <summary>
    /// Of the first prior scale, the test split, equal weights and the EMA weights:
    /// the form that is reported first. Null before <see cref="Measure"/> had them.
    /// </summary>
    internal Confusion? Confusion { get; private set; }

    /// <param name="model">The EMA weights, or the raw weights.</param> <param name="isMean">Which of them.</param>
    /// <param name="frequencies">Of the labels in the train split, [classes].</param>
    /// <param name="splits">Test and train.</param>
    internal void Measure(LznModel model, bool isMean, Tensor frequencies, params IReadOnlyList<ClassifiedSplit> splits)
    {
        var classifier = new Classifier(model, recipe);
        foreach (var split in splits)
        {
            using var scope = NewDisposeScope();
            var stage = context.Stage($"classify {split.Name}", _scales.Length);
            using var generator = new Draws(seed).For(RandomStream.TestPrior, split.IsTrain ? 1 : 0);
            var prior = randn(split.Anchors.shape, generator: generator);
            var (equal, weighted) = (new List<Confusion>(), new List<Confusion>());
            foreach (var (index, scale) in _scales.Index())
            {
                var latents = classifier.Latents(split.Anchors, prior * scale);
                equal.Add(new Confusion(classes, split.Labels, classifier.Labels(latents)));
                weighted.Add(new Confusion(classes, split.Labels, classifier.Labels(latents, frequencies)));
                stage(index + 1);
            }

            _rows.Add(Row(equal, split, isMean, isWeighted: false));
            _rows.Add(Row(weighted, split, isMean, isWeighted: true));
            if (isMean && !split.IsTrain)
                Confusion = equal[0];
        }
    }

    internal Section ToSection()
    {
        const string Meaning = "part of the images whose label was read";
        var confusion = Confusion ?? throw new InvalidOperationException("Nothing was measured.");
        var first = new Metric(MetricNames.Accuracy, "Accuracy", confusion.Accuracy, $"{Meaning}; chance is {1.0 / classes.Length:P1}") { IsFraction = true };
        return new Section(
            "Classification",
            "Each image's anchor flows forward to a latent among the zones of its batch, back among the label anchors, and takes the nearest. "
            + $"The accuracy above all is that of the EMA weights on test images with equally weighted labels at prior scale {Number(_scales[0])}, "
            + "a form that was chosen before training; the others are for comparison.",
            new MetricTable(first),
            new PivotTable("accuracy", [.. _scales.Select(scale => $"prior scale {Number(scale)}")], _rows),
            new ConfusionTable(confusion));
    }

    /// <summary>Names say what is not test, alike and mean.</summary>
    private (string Title, IReadOnlyList<Metric?> Figures) Row(List<Confusion> confusions, ClassifiedSplit split, bool isMean, bool isWeighted)
    {
        var name = $"{MetricNames.Accuracy}{(split.IsTrain ? ".train" : "")}{(isWeighted ? ".frequency" : "")}{(isMean ? "" : ".plain")}";
        var title = $"{split.Name}, {(isWeighted ? "labels by frequency" : "labels alike")}, {(isMean ? "EMA weights" : "raw weights")}";
        return (
            title,
            [.. confusions.Zip(_scales, (confusion, scale) =>
                new Metric($"{name}.prior-{Number(scale)}", title, confusion.Accuracy, "") { IsFraction = true })]);
    }

    private static string Number(double scale) => scale.ToString("0.##", CultureInfo.InvariantCulture);
}

/// <summary>Images to classify.</summary>
/// <param name="Anchors">By the model that is measured, [N, d].</param>
internal sealed record ClassifiedSplit(string Name, bool IsTrain, long[] Labels, Tensor Anchors);
