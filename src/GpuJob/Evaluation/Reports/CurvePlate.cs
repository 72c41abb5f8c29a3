using System.Globalization;
using System.Text;
using static System.Net.WebUtility;

namespace LznPipeline.GpuJob.Evaluation.Reports;

/// <summary>The curves of training: a small chart for each column of metrics.csv. Thin: means of a few iterations; thick: of some more around each.</summary>
internal sealed class CurvePlate(TrainingCurves curves) : IBlock
{
    private const int Width = 300;
    private const int Height = 130;

    /// <summary>Points a chart: more would fall on the same pixel.</summary>
    private const int Points = 150;

    /// <summary>Points on each side that the thick line averages.</summary>
    private const int Around = 5;

    public string ToHtml() => $"""
        <div class="curves">
        {string.Concat(curves.Columns.Where(column => column.Values.Any(double.IsFinite)).Select(Chart))}</div>

        """;

    private static string Chart(TrainingCurve curve)
    {
        var points = Thinned(curve);
        var smooth = Smoothed(points);
        var (first, last) = (points[0].Iteration, points[^1].Iteration);
        var (low, high) = (points.Min(point => point.Value), points.Max(point => point.Value));
        return $"""
            <figure><svg viewBox="0 0 {Width} {Height}" role="img"><path class="thin" d="{Path(points)}"/><path d="{Path(smooth)}"/></svg>
            <figcaption><b>{HtmlEncode(curve.Name.Replace('_', ' '))}</b> {Number(smooth[^1].Value)}<br>{Number(low)} to {Number(high)}, iterations {first} to {last}</figcaption></figure>

            """;

        string Path(IEnumerable<(long Iteration, double Value)> line)
        {
            var path = new StringBuilder();
            foreach (var (iteration, value) in line)
            {
                var x = last > first ? (double)(iteration - first) / (last - first) * Width : 0;
                var y = high > low ? (high - value) / (high - low) * (Height - 4) + 2 : Height / 2.0;
                path.Append(CultureInfo.InvariantCulture, $"{(path.Length == 0 ? 'M' : 'L')}{x:0.#} {y:0.#}");
            }

            return path.ToString();
        }
    }

    private static List<(long Iteration, double Value)> Thinned(TrainingCurve curve)
    {
        var finite = curve.Iterations.Zip(curve.Values).Where(point => double.IsFinite(point.Second)).ToList();
        var size = (finite.Count + Points - 1) / Points;
        return [.. finite.Chunk(size).Select(chunk => (chunk[^1].First, chunk.Average(point => point.Second)))];
    }

    private static List<(long Iteration, double Value)> Smoothed(List<(long Iteration, double Value)> points) =>
        [.. points.Select((point, place) => (point.Iteration, points[Math.Max(place - Around, 0)..Math.Min(place + Around + 1, points.Count)].Average(near => near.Value)))];

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}
