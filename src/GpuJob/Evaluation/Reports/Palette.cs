using System.Globalization;

namespace LznPipeline.GpuJob.Evaluation.Reports;

/// <summary>Colours for classes, readable on light and dark ground.</summary>
internal static class Palette
{
    private static readonly string[] Few = ["#4e79a7", "#f28e2b", "#e15759", "#56aaa4", "#59a14f", "#d4a72c", "#b07aa1", "#ff7f96", "#9c755f", "#8a8f98"];

    /// <summary>Hand-picked for up to ten classes; evenly spaced hues beyond.</summary>
    internal static string Colour(int index, int count) =>
        count <= Few.Length ? Few[index] : string.Create(CultureInfo.InvariantCulture, $"hsl({360.0 * index / count:0} 60% {(index % 2 == 0 ? 48 : 62)}%)");
}
