using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.Activities.Publishing;

/// <summary>The figure by which champions are chosen among models of one name: the greater, the better.</summary>
internal static class FigureOfMerit
{
    /// <returns>Negative infinity for a model that lacks the figure, such as one of another objective.</returns>
    internal static double Of(Objective objective, SortedDictionary<string, double> metrics) => objective is Objective.Joint
        ? metrics.GetValueOrDefault(MetricNames.Accuracy, double.NegativeInfinity)
        : -metrics.GetValueOrDefault(MetricNames.ValidationLoss, double.PositiveInfinity);
}
