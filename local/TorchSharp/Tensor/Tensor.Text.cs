using System.Globalization;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public override string ToString() => IsInvalid ? "" : TensorFormatter.Metadata(this);

        /// <summary>The elements in one of the styles. Width is accepted for the package's signature; rows are cut by set_printoptions, not wrapped.</summary>
        public string ToString(
            TensorStringStyle style, string? fltFormat = null, int? width = null, CultureInfo? cultureInfo = null, string? newLine = null)
        {
            var chosen = is_meta ? TensorStringStyle.Metadata : style == TensorStringStyle.Default ? torch.TensorStringStyle : style;
            var (format, culture, line) = (fltFormat ?? FloatFormat, cultureInfo ?? CultureInfo.CurrentCulture, newLine ?? NewLine);
            return chosen switch
            {
                TensorStringStyle.Metadata => ToString(),
                TensorStringStyle.Julia => ToString() + line + new TensorFormatter("", "", format, culture, line).Format(this),
                TensorStringStyle.Numpy => new TensorFormatter("[", "]", format, culture, line).Format(this),
                TensorStringStyle.CSharp => $"{dtype} " + new TensorFormatter("{", "}", format, culture, line).Format(this),
                _ => throw new ArgumentOutOfRangeException(nameof(style), style, "This style is unknown."),
            };
        }
    }
}
