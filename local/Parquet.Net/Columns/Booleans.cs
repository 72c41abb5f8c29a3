using Parquet.Encodings;
using Parquet.Meta;

namespace Parquet.Columns;

/// <summary>BOOLEAN: a bit each, lowest first.</summary>
internal sealed class Booleans : PhysicalType<bool>
{
    internal override Meta.Type Type => Meta.Type.BOOLEAN;

    internal override void Encode(ReadOnlySpan<bool> values, Encoding encoding, PooledBuffer output)
    {
        var bits = output.Append((values.Length + 7) / 8);
        bits.Clear();
        for (var i = 0; i < values.Length; i++)
            if (values[i]) bits[i / 8] |= (byte)(1 << (i % 8));
    }

    internal override void Decode(ReadOnlyMemory<byte> page, Encoding encoding, Span<bool> values)
    {
        var reader = new ByteReader(page.Span);
        switch (encoding)
        {
            case Encoding.PLAIN:
                var bits = reader.Take((values.Length + 7) / 8);
                for (var i = 0; i < values.Length; i++) values[i] = (bits[i / 8] & (1 << (i % 8))) != 0;
                break;
            case Encoding.RLE:
                using (var numbers = new PooledArray<int>(values.Length))
                {
                    RunLength.Decode(reader.Take(reader.TakeInt32()), width: 1, numbers.Span);
                    for (var i = 0; i < values.Length; i++) values[i] = numbers.Span[i] != 0;
                }
                break;
            default:
                throw Unsupported(encoding);
        }
    }
}
