using System.Numerics;
using Parquet.Encodings;
using Parquet.Meta;

namespace Parquet.Columns;

/// <summary>INT32 and INT64, which may also be stored as differences.</summary>
internal sealed class WholeNumbers<T>(Meta.Type type) : FixedWidth<T>(type) where T : unmanaged, IBinaryInteger<T>
{
    internal override Encoding EncodingFor(EncodingHint hint) => hint == EncodingHint.DeltaBinaryPacked ? Encoding.DELTA_BINARY_PACKED : base.EncodingFor(hint);

    internal override void Encode(ReadOnlySpan<T> values, Encoding encoding, PooledBuffer output)
    {
        if (encoding == Encoding.DELTA_BINARY_PACKED) DeltaBinaryPacked.Encode(values, output);
        else base.Encode(values, encoding, output);
    }

    internal override void Decode(ReadOnlyMemory<byte> page, Encoding encoding, Span<T> values)
    {
        if (encoding != Encoding.DELTA_BINARY_PACKED)
        {
            base.Decode(page, encoding, values);
            return;
        }
        var reader = new ByteReader(page.Span);
        DeltaBinaryPacked.Decode(ref reader, values);
    }
}
