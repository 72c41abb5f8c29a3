namespace LznPipeline.GpuJob.Evaluation.Figures;

/// <summary>Tables as text with commas.</summary>
internal static class Csv
{
    /// <summary>The cells of a row, without the end of the line.</summary>
    internal static string Line(IEnumerable<string> cells) => string.Join(',', cells.Select(Quoted));

    internal static string Quoted(string cell) => cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
