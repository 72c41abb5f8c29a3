using System.Text;

namespace LznPipeline.GpuJob.Evaluation.Metrics;

/// <summary>How often each class was taken for each.</summary>
internal sealed class Confusion
{
    private readonly string[] _classes;
    private readonly long[,] _counts;

    internal Confusion(string[] classes, IReadOnlyList<long> actual, IReadOnlyList<long> predicted)
    {
        _classes = classes;
        _counts = new long[classes.Length, classes.Length];
        foreach (var (truth, told) in actual.Zip(predicted))
            _counts[truth, told]++;
    }

    internal string[] Classes => _classes;

    internal double Accuracy => _counts.Cast<long>().Sum() is var all and > 0
        ? (double)Enumerable.Range(0, _classes.Length).Sum(index => _counts[index, index]) / all
        : 0;

    /// <summary>Images of one class that were taken for another.</summary>
    internal long this[int actual, int told] => _counts[actual, told];

    /// <summary>Images of a class.</summary>
    internal long Count(int label) => Row(label).Sum();

    /// <summary>Part of a class's images that were recognised; null when there are none.</summary>
    internal double? Recall(int label) => Count(label) is var all and > 0 ? (double)_counts[label, label] / all : null;

    /// <summary>A table: a row for each true class, a column for each predicted one.</summary>
    internal string ToCsv()
    {
        var text = new StringBuilder($"actual,{Csv.Line(_classes)}\n");
        for (var label = 0; label < _classes.Length; label++)
            text.Append($"{Csv.Quoted(_classes[label])},{string.Join(',', Row(label))}\n");
        return text.ToString();
    }

    private IEnumerable<long> Row(int label) => Enumerable.Range(0, _classes.Length).Select(told => _counts[label, told]);
}

/// <summary>Tables as text with commas.</summary>
internal static class Csv
{
    /// <summary>The cells of a row, without the end of the line.</summary>
    internal static string Line(IEnumerable<string> cells) => string.Join(',', cells.Select(Quoted));

    internal static string Quoted(string cell) =>
        cell.AsSpan().IndexOfAny(",\"\r\n") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
