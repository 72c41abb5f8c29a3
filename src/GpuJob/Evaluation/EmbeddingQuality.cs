using LznPipeline.GpuJob.Data.Batches;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Evaluation.Metrics;
using LznPipeline.GpuJob.Evaluation.Reports;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.GpuJob.Objectives;
using LznPipeline.GpuJob.Randomness;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation;

/// <summary>
/// What embeddings are good for: k nearest neighbours, a linear probe, and how many directions they use.
/// Learnt from the train split, measured on the test split.
/// </summary>
/// <param name="seed">Of the probe's batches.</param>
internal sealed class EmbeddingQuality(string[] classes, Tensor trainLabels, Tensor testLabels, long seed, JobContext context)
{
    internal const string Probe = "linear_probe_top";
    internal const string Rank = "effective_rank";

    private static readonly int[] Guesses = [1, 5, 10];
    private readonly List<(string Title, IReadOnlyList<Metric?> Figures)> _rows = [];
    private readonly bool _hasNeighbours = trainLabels.shape[0] >= NearestNeighbours.Neighbours;
    private bool _probed;

    /// <summary>Measures one kind of embedding.</summary>
    /// <param name="suffix">What parts its figures' names from the others', such as <c>.features</c>; empty for the embedding itself.</param>
    /// <param name="train">[N, d].</param> <param name="test">[M, d].</param> <param name="probe">Whether to train a linear probe.</param>
    /// <param name="rank">Whether to tell the effective rank.</param>
    internal void Measure(string title, string suffix, Tensor train, Tensor test, bool probe, bool rank)
    {
        using var scope = NewDisposeScope();
        var stage = context.Stage($"neighbours of {title}", 1);
        stage(0);
        var knn = _hasNeighbours
            ? (NearestNeighbours.Predict(train, trainLabels, test, classes.Length) == testLabels).to_type(ScalarType.Float64).mean().item<double>()
            : (double?)null;
        _probed |= probe;
        var accuracy = probe ? LinearProbe.Accuracy(train, trainLabels, test, testLabels, classes.Length, seed, ProbeStage(title)) : null;
        _rows.Add((title,
        [
            knn is { } share ? new Metric(MetricNames.KnnAccuracy + suffix, "k-NN accuracy", share, "") { IsFraction = true } : null,
            .. Guesses.Select(k => accuracy is not null && accuracy.TryGetValue(k, out var part)
                ? new Metric($"{Probe}{k}{suffix}", $"Linear probe, top {k}", part, "") { IsFraction = true }
                : null),
            rank ? new Metric(Rank + suffix, "Effective rank", EffectiveRank.Of(test), "") : null,
        ]));
    }

    internal Section ToSection(EmbeddingMap map) => new(
        "Embeddings",
        (_hasNeighbours ? "" : $"There are too few train images for {NearestNeighbours.Neighbours} neighbours, so k-NN is left out. ")
        + $"k-NN: the {NearestNeighbours.Neighbours} nearest of {trainLabels.shape[0]} train images by cosine vote "
        + $"with weight exp(similarity / {NearestNeighbours.Temperature}) on {testLabels.shape[0]} test images. "
        + (_probed
            ? $"Linear probe: a linear classifier on frozen, standardised features; AdamW, learning rate {LinearProbe.LearningRate}, "
                + $"weight decay {LinearProbe.WeightDecay}, {LinearProbe.Epochs} epochs of batches of {LinearProbe.BatchSize}. "
            : "")
        + "This was fixed beforehand; nothing was tuned on test images. "
        + "Effective rank: how many directions the test embeddings use, the exponential of the entropy of their singular values.",
        new PivotTable("embedding", ["k-NN", .. Guesses.Select(k => $"probe, top {k}"), "effective rank"], _rows),
        map);

    private Action<int> ProbeStage(string title)
    {
        var stage = context.Stage($"linear probe of {title}", LinearProbe.Epochs);
        return epoch => stage(epoch);
    }
}

/// <summary>How well a model does on unseen images what it was trained for.</summary>
internal static class ValidationLoss
{
    /// <summary>Mean of the objective's loss over an epoch of batches as in training, augmentation included: a representation has no other task.</summary>
    internal static double Of(LznModel model, Recipe recipe, IBatchSource batches, long seed, Action<long> done)
    {
        using var inference = no_grad();
        using var alone = new SingleDevice(model.Device());
        var draws = new Draws(seed);
        var objective = IObjective.Of(
            recipe,
            model,
            new NetworkPasses(recipe.Training with { Precision = Precision.Float32, Accumulate = 1 }, model, draws, alone),
            draws,
            alone);
        var (count, sum) = (batches.BatchesPerEpoch, 0.0);
        for (var iteration = 0; iteration < count; iteration++)
        {
            using var scope = NewDisposeScope();
            sum += objective.Loss(batches.At(iteration), iteration).Total.item<float>();
            done((iteration + 1L) * batches.BatchSize);
        }

        return sum / count;
    }
}
