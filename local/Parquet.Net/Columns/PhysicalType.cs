using Parquet.Encodings;
using Parquet.Meta;

namespace Parquet.Columns;

/// <summary>How values of a physical type become the bytes of a page.</summary>
internal abstract class PhysicalType<T> where T : struct
{
    internal abstract Meta.Type Type { get; }

    /// <summary>The encoding that honours the hint, as far as the type allows it.</summary>
    internal virtual Encoding EncodingFor(EncodingHint hint) => Encoding.PLAIN;

    internal abstract void Encode(ReadOnlySpan<T> values, Encoding encoding, PooledBuffer output);

    /// <summary>Fills <paramref name="values"/>; byte arrays may point into <paramref name="page"/>.</summary>
    internal abstract void Decode(ReadOnlyMemory<byte> page, Encoding encoding, Span<T> values);

    protected ParquetException Unsupported(Encoding encoding) => new($"Encoding {encoding} of {Type} values is not supported or not allowed by the format.");
}
