using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using static System.Net.WebUtility;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation.Reports;

/// <summary>A picture, inside the page and as a file beside it.</summary>
/// <param name="name">Of the file, such as <c>samples/random.png</c>.</param> <param name="png">The file.</param> <param name="caption">What one sees.</param>
internal sealed class PicturePlate(string name, byte[] png, string caption) : IBlock
{
    /// <summary>Where the PNG format keeps width and height, big-endian.</summary>
    private const int SizeOffset = 16;

    /// <summary>Narrower pictures are shown enlarged, so that 32 pixels can be looked at.</summary>
    private const int GoodWidth = 640;

    public IEnumerable<(string Name, byte[] Content)> Files => [(name, png)];

    public string ToHtml()
    {
        var width = BinaryPrimitives.ReadInt32BigEndian(png.AsSpan(SizeOffset));
        var shown = width * Math.Max(1, GoodWidth / width);
        return $"""
            <figure><div class="wide"><img src="data:image/png;base64,{Convert.ToBase64String(png)}" width="{shown}" alt="{HtmlEncode(caption)}"></div><figcaption>{HtmlEncode(caption)} <code>{HtmlEncode(name)}</code></figcaption></figure>

            """;
    }
}

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
        [.. points.Select((point, place) =>
            (point.Iteration, points[Math.Max(place - Around, 0)..Math.Min(place + Around + 1, points.Count)].Average(near => near.Value)))];

    private static string Number(double value) => value.ToString("G4", CultureInfo.InvariantCulture);
}

/// <summary>What training wrote to metrics.csv: a header, then a row an iteration with the attempt, the iteration, and quantities.</summary>
internal sealed record TrainingCurves(IReadOnlyList<TrainingCurve> Columns)
{
    private const string Attempt = "attempt";
    private const string Iteration = "iteration";

    /// <summary>Iterations kept: of longer trainings every second, fourth, ... one, so that a table of any length is read in little memory.</summary>
    private const int MaxRows = 4096;

    /// <summary>
    /// Reads the table. Iterations that a killed attempt did and the next did again count once, as the last did them; a last line that was cut is left out.
    /// </summary>
    /// <returns>Null when there is nothing to draw.</returns>
    internal static async Task<TrainingCurves?> ReadAsync(Stream csv, CancellationToken stop)
    {
        using var reader = new StreamReader(csv);
        var names = (await reader.ReadLineAsync(stop))?.Split(',') ?? [];
        var place = Array.IndexOf(names, Iteration);
        var rows = new SortedDictionary<long, double[]>();
        var stride = 1;
        while (place >= 0 && await reader.ReadLineAsync(stop) is { } line)
        {
            var cells = line.Split(',');
            if (cells.Length != names.Length || !long.TryParse(cells[place], CultureInfo.InvariantCulture, out var iteration) || iteration % stride != 0)
                continue;
            rows[iteration] = Array.ConvertAll(cells, cell => double.TryParse(cell, CultureInfo.InvariantCulture, out var number) ? number : double.NaN);
            if (rows.Count <= MaxRows)
                continue;
            stride *= 2;
            foreach (var between in rows.Keys.Where(key => key % stride != 0).ToList())
                rows.Remove(between);
        }

        return rows.Count < 2
            ? null
            : new TrainingCurves([.. names.Index().Where(column => column.Item is not (Attempt or Iteration))
                .Select(column => new TrainingCurve(column.Item, [.. rows.Keys], [.. rows.Values.Select(row => row[column.Index])]))]);
    }
}

/// <param name="Values">One an iteration; NaN where it has none.</param>
internal sealed record TrainingCurve(string Name, IReadOnlyList<long> Iterations, IReadOnlyList<double> Values);

/// <summary>Embeddings on their two principal components: the plane on which they spread most, those of the covariance with the greatest eigenvalues.</summary>
internal sealed class EmbeddingMap : IBlock
{
    private const int Width = 720;
    private const int Height = 540;
    private const int Margin = 12;

    /// <summary>A map of more points is a carpet.</summary>
    private const int MaxPoints = 3000;

    private readonly double[,] _places;
    private readonly long[] _labels;
    private readonly string[] _classes;
    private readonly double _share;

    /// <param name="features">[N, d].</param> <param name="labels">int64 [N].</param>
    internal EmbeddingMap(Tensor features, Tensor labels, string[] classes)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var count = Math.Min(MaxPoints, features.shape[0]);
        var chosen = linspace(0, features.shape[0] - 1, count, dtype: ScalarType.Float64).round().to_type(ScalarType.Int64);
        var numbers = features.to_type(ScalarType.Float64);
        var centred = numbers - numbers.mean([0], keepdim: true);
        var (variances, directions) = linalg.eigh(centred.t().mm(centred));         // ascending
        var axes = (int)Math.Min(2, variances.shape[0]);
        // [count, axes], the first spreads most
        var plane = centred.index_select(0, chosen).mm(directions.narrow(1, variances.shape[0] - axes, axes)).flip(1);
        _share = (variances.narrow(0, variances.shape[0] - axes, axes).sum() / variances.sum().clamp_min(double.Epsilon)).item<double>();
        _places = new double[count, 2];
        for (var axis = 0; axis < axes; axis++)
        {
            var column = plane.select(1, axis).contiguous().data<double>().ToArray();
            for (var index = 0; index < count; index++)
                _places[index, axis] = column[index];
        }

        (_labels, _classes) = (labels.index_select(0, chosen).data<long>().ToArray(), classes);
    }

    public string ToHtml()
    {
        var svg = new StringBuilder();
        var (x, y) = (Scale(0, Width), Scale(1, Height));
        for (var label = 0; label < _classes.Length; label++)
        {
            // A class is one path of strokes without length, which round caps make dots: ten bytes a point.
            var dots = string.Concat(Enumerable.Range(0, _labels.Length).Where(index => _labels[index] == label)
                .Select(index => string.Create(CultureInfo.InvariantCulture, $"M{x(_places[index, 0]):0.#} {y(_places[index, 1]):0.#}h0")));
            svg.Append($"<path d=\"{dots}\" stroke=\"{Palette.Colour(label, _classes.Length)}\"><title>{HtmlEncode(_classes[label])}</title></path>\n");
        }

        var key = string.Concat(_classes.Select((name, label) =>
            $"<span><i style=\"background:{Palette.Colour(label, _classes.Length)}\"></i>{HtmlEncode(name)}</span> "));
        return $"""
            <figure><svg class="map" viewBox="0 0 {Width} {Height}" role="img">{svg}</svg><p class="key">{key}</p>
            <figcaption>{_labels.Length} images of the test split on the two principal components of their embeddings, which hold {_share:P0} of the variance. What lies apart here is apart; what lies together here may still be apart in other directions.</figcaption></figure>

            """;
    }

    /// <summary>From the values of an axis to places in the picture.</summary>
    private Func<double, double> Scale(int axis, int length)
    {
        var values = Enumerable.Range(0, _labels.Length).Select(index => _places[index, axis]).ToList();
        var (low, high) = (values.Min(), values.Max());
        return value => Margin + (high > low ? (value - low) / (high - low) : 0.5) * (length - 2 * Margin);
    }
}

/// <summary>Colours for classes, readable on light and dark ground.</summary>
internal static class Palette
{
    private static readonly string[] Few = ["#4e79a7", "#f28e2b", "#e15759", "#56aaa4", "#59a14f", "#d4a72c", "#b07aa1", "#ff7f96", "#9c755f", "#8a8f98"];

    /// <summary>Hand-picked for up to ten classes; evenly spaced hues beyond.</summary>
    internal static string Colour(int index, int count) =>
        count <= Few.Length ? Few[index] : string.Create(CultureInfo.InvariantCulture, $"hsl({360.0 * index / count:0} 60% {(index % 2 == 0 ? 48 : 62)}%)");
}
