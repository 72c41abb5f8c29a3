namespace Parquet;

/// <summary>A wish for one column's encoding, by path in <see cref="ParquetOptions.ColumnEncodingHints"/>; ignored where the column's type does not allow it.</summary>
public enum EncodingHint
{
    /// <summary>PLAIN.</summary>
    Default = 0,

    /// <summary>Strings: distinct values once, then their numbers. Falls back to PLAIN above <see cref="ParquetOptions.DictionaryEncodingThreshold"/>.</summary>
    Dictionary,

    /// <summary>Columns kept as INT32 or INT64: small where neighbours differ little (ids, times).</summary>
    DeltaBinaryPacked,

    /// <summary>Numbers: first bytes of all values, then second bytes, and so on; makes floats compressible. Some readers, DuckDB among them, know it for floats and doubles only.</summary>
    ByteSplitStream,
}
