using LznPipeline.GpuJob.Evaluation.Reports;
using LznPipeline.Shared.Manifests;

namespace LznPipeline.GpuJob.Evaluation;

/// <summary>The few figures that stand above all others in the report.</summary>
internal static class Headline
{
    private const int Most = 4;

    private static readonly string[] Order =
        [MetricNames.Accuracy, MetricNames.KnnAccuracy, EmbeddingQuality.Probe + "1", MetricNames.FrechetDistance, "precision_k3", "recall_k3", "reconstruction_l2", EmbeddingQuality.Rank];

    /// <param name="first">The figure that decides.</param>
    internal static IReadOnlyList<Figure> Of(IReadOnlyList<Figure> figures, string first) =>
        [.. Order.Prepend(first).Distinct().Select(name => figures.FirstOrDefault(figure => figure.Name == name)).OfType<Figure>().Take(Most)];
}
