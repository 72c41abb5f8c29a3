using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Parquet.Encodings;
using Parquet.Meta;

namespace Parquet.Columns;

/// <summary>FLOAT, DOUBLE and INT96: PLAIN is memory as it lies.</summary>
internal class FixedWidth<T>(Meta.Type type) : PhysicalType<T> where T : unmanaged
{
    internal override Meta.Type Type => type;

    internal override Encoding EncodingFor(EncodingHint hint) =>
        hint == EncodingHint.ByteSplitStream && type != Meta.Type.INT96 ? Encoding.BYTE_STREAM_SPLIT : Encoding.PLAIN;

    internal override void Encode(ReadOnlySpan<T> values, Encoding encoding, PooledBuffer output)
    {
        var bytes = MemoryMarshal.AsBytes(values);
        if (encoding == Encoding.BYTE_STREAM_SPLIT) ByteStreamSplit.Encode(bytes, Unsafe.SizeOf<T>(), output.Append(bytes.Length));
        else output.Write(bytes);
    }

    internal override void Decode(ReadOnlyMemory<byte> page, Encoding encoding, Span<T> values)
    {
        var bytes = MemoryMarshal.AsBytes(values);
        var stored = new ByteReader(page.Span).Take(bytes.Length);
        switch (encoding)
        {
            case Encoding.PLAIN:
                stored.CopyTo(bytes);
                break;
            case Encoding.BYTE_STREAM_SPLIT:
                ByteStreamSplit.Decode(stored, Unsafe.SizeOf<T>(), bytes);
                break;
            default:
                throw Unsupported(encoding);
        }
    }
}
