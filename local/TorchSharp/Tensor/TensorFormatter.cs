using System.Globalization;
using System.Text;
using Tensor = TorchSharp.torch.Tensor;

namespace TorchSharp.Utils;

/// <summary>Writes a tensor's elements; of a long dimension only the first and last ones, as many as torch.set_printoptions allows.</summary>
internal sealed class TensorFormatter(string open, string close, string format, CultureInfo culture, string newLine)
{
    internal string Format(Tensor tensor)
    {
        using var scope = torch.NewDisposeScope();
        var text = new StringBuilder();
        Append(text, tensor.detach().cpu(), 0);
        return text.ToString();
    }

    internal static string Metadata(Tensor tensor) => $"[{string.Join("x", tensor.shape)}], type = {tensor.dtype}, device = {tensor.device}";

    private void Append(StringBuilder text, Tensor tensor, int depth)
    {
        if (tensor.ndim == 0)
        {
            text.Append(Element(tensor.ToScalar()));
            return;
        }

        var isRow = tensor.ndim == 1;
        var separator = isRow ? ", " : string.Concat(Enumerable.Repeat(newLine, (int)tensor.ndim - 1)) + new string(' ', depth + 1);
        text.Append(open).AppendJoin(separator, Shown(tensor.size(0), isRow ? torch.MaxColumns : torch.MaxRows).Select(Item)).Append(close);

        string Item(long? index)
        {
            if (index is not { } i) return "...";
            var item = new StringBuilder();
            Append(item, tensor[i], depth + 1);
            return item.ToString();
        }
    }

    private static IEnumerable<long?> Shown(long size, int limit)
    {
        var tail = size <= limit ? 0 : limit / 2;
        var head = size <= limit ? size : limit - tail;
        for (var i = 0L; i < head; i++) yield return i;
        if (head < size) yield return null;
        for (var i = size - tail; i < size && tail > 0; i++) yield return i;
    }

    private string Element(Scalar value) => value switch
    {
        { IsReal: true } => value.Real.ToString(format, culture),
        { IsComplex: true } => $"{value.Complex.Real.ToString(format, culture)}{(value.Complex.Imaginary < 0 ? "" : "+")}{value.Complex.Imaginary.ToString(format, culture)}i",
        { Type: torch.ScalarType.Bool } => value.Integer != 0 ? "True" : "False",
        _ => value.Integer.ToString(culture),
    };
}
