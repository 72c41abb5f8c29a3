using System.Globalization;
using System.Text;
using static System.Net.WebUtility;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation.Reports;

/// <summary>Embeddings on their two principal components: the plane on which they spread most, those of the covariance with the greatest eigenvalues.</summary>
internal sealed class EmbeddingMap : IBlock
{
    private const int Width = 720;
    private const int Height = 540;
    private const int Margin = 12;

    /// <summary>A map of more points is a carpet.</summary>
    private const int MostPoints = 3000;

    private readonly double[,] _places;
    private readonly long[] _labels;
    private readonly string[] _classes;
    private readonly double _share;

    /// <param name="features">[N, d].</param> <param name="labels">int64 [N].</param>
    internal EmbeddingMap(Tensor features, Tensor labels, string[] classes)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var count = Math.Min(MostPoints, features.shape[0]);
        var chosen = linspace(0, features.shape[0] - 1, count, dtype: ScalarType.Float64).round().to_type(ScalarType.Int64);
        var numbers = features.to_type(ScalarType.Float64);
        var centred = numbers - numbers.mean([0], keepdim: true);
        var (variances, directions) = linalg.eigh(centred.t().mm(centred));         // ascending
        var axes = (int)Math.Min(2, variances.shape[0]);
        var plane = centred.index_select(0, chosen).mm(directions.narrow(1, variances.shape[0] - axes, axes)).flip(1);      // [count, axes], the first spreads most
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

        var key = string.Concat(_classes.Select((name, label) => $"<span><i style=\"background:{Palette.Colour(label, _classes.Length)}\"></i>{HtmlEncode(name)}</span> "));
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
