using Parquet.Encodings;
using Parquet.Meta;

namespace Parquet.Columns;

/// <summary>BYTE_ARRAY, each with its length before it, or FIXED_LEN_BYTE_ARRAY without.</summary>
/// <param name="fixedLength">Null for BYTE_ARRAY.</param>
internal sealed class ByteArrays(int? fixedLength) : PhysicalType<ReadOnlyMemory<byte>>
{
    internal override Meta.Type Type => fixedLength is null ? Meta.Type.BYTE_ARRAY : Meta.Type.FIXED_LEN_BYTE_ARRAY;

    internal override void Encode(ReadOnlySpan<ReadOnlyMemory<byte>> values, Encoding encoding, PooledBuffer output)
    {
        foreach (var value in values)
        {
            if (fixedLength is null) output.WriteInt32(value.Length);
            output.Write(value.Span);
        }
    }

    internal override void Decode(ReadOnlyMemory<byte> page, Encoding encoding, Span<ReadOnlyMemory<byte>> values)
    {
        switch (encoding)
        {
            case Encoding.PLAIN:
                DecodePlain(page, values);
                break;
            case Encoding.DELTA_LENGTH_BYTE_ARRAY when fixedLength is null:
                DecodeDeltaLength(page, values);
                break;
            case Encoding.DELTA_BYTE_ARRAY:
                DecodeDelta(page, values);
                break;
            case Encoding.BYTE_STREAM_SPLIT when fixedLength is { } width:
                var joined = new byte[new ByteReader(page.Span).Take((long)width * values.Length).Length];
                ByteStreamSplit.Decode(page.Span, width, joined);
                DecodePlain(joined, values);
                break;
            default:
                throw Unsupported(encoding);
        }
    }

    private void DecodePlain(ReadOnlyMemory<byte> page, Span<ReadOnlyMemory<byte>> values)
    {
        var reader = new ByteReader(page.Span);
        for (var i = 0; i < values.Length; i++)
        {
            var length = fixedLength ?? reader.TakeInt32();
            var start = page.Length - reader.Rest.Length;
            reader.Take(length);
            values[i] = page.Slice(start, length);
        }
    }

    private static void DecodeDeltaLength(ReadOnlyMemory<byte> page, Span<ReadOnlyMemory<byte>> values)
    {
        using var lengths = new PooledArray<int>(values.Length);
        var reader = new ByteReader(page.Span);
        DeltaBinaryPacked.Decode(ref reader, lengths.Span);
        for (var i = 0; i < values.Length; i++)
        {
            var start = page.Length - reader.Rest.Length;
            values[i] = page.Slice(start, reader.Take(lengths.Span[i]).Length);
        }
    }

    /// <summary>Each value begins like the one before: how many bytes they share, then what follows.</summary>
    private void DecodeDelta(ReadOnlyMemory<byte> page, Span<ReadOnlyMemory<byte>> values)
    {
        using var prefixes = new PooledArray<int>(values.Length);
        var reader = new ByteReader(page.Span);
        DeltaBinaryPacked.Decode(ref reader, prefixes.Span);
        DecodeDeltaLength(page[^reader.Rest.Length..], values);

        var previous = ReadOnlyMemory<byte>.Empty;
        var total = 0L;
        for (var i = 0; i < values.Length; i++)
        {
            var shared = prefixes.Span[i];
            if (shared < 0 || shared > previous.Length) throw new ParquetException($"A value shares {shared} bytes with the one before, which has {previous.Length}. The file is corrupt.");
            if (shared > 0)
            {
                if ((total += shared) > Array.MaxLength) throw new ParquetException($"The values of one page share more than {Array.MaxLength} bytes. The file is corrupt.");
                var whole = new byte[shared + values[i].Length];
                previous.Span[..shared].CopyTo(whole);
                values[i].Span.CopyTo(whole.AsSpan(shared));
                values[i] = whole;
            }
            if (fixedLength is { } length && values[i].Length != length) throw new ParquetException($"A value has {values[i].Length} bytes instead of {length}. The file is corrupt.");
            previous = values[i];
        }
    }
}
