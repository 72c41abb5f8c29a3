using System.IO.Compression;
using Parquet.Schema;

namespace Parquet;

/// <summary>How files are written, and how some columns are seen when read.</summary>
public class ParquetOptions
{
    /// <summary>Precision of a decimal column that names none.</summary>
    public const int DefaultPrecision = 38;

    /// <summary>Scale of a decimal column that names none.</summary>
    public const int DefaultScale = 18;

    /// <summary>Encoding wishes; the key is the column's path joined by slashes, for example <c>embedding/list/element</c>.</summary>
    public readonly IDictionary<string, EncodingHint> ColumnEncodingHints = new Dictionary<string, EncodingHint>();

    public CompressionMethod CompressionMethod { get; set; } = CompressionMethod.Snappy;

    /// <summary>Effort of Gzip, Brotli and Zstd.</summary>
    public CompressionLevel CompressionLevel { get; set; } = CompressionLevel.Optimal;

    /// <summary>Reads byte arrays without annotation as UTF-8 text.</summary>
    public bool TreatByteArrayAsString { get; set; }

    /// <summary>Reads dates as <see cref="DateOnly"/> instead of <see cref="DateTime"/>.</summary>
    public bool UseDateOnlyTypeForDates { get; set; }

    /// <summary>Share of distinct values, 0 to 1, above which a hinted dictionary is not made.</summary>
    public double DictionaryEncodingThreshold { get; set; } = 0.8;

    internal EncodingHint HintFor(DataField field) => ColumnEncodingHints.TryGetValue(field.Path.ToString(), out var hint) ? hint : EncodingHint.Default;
}
