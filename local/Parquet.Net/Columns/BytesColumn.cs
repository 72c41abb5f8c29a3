using Parquet.Encodings;
using Parquet.Meta;

namespace Parquet.Columns;

/// <summary>Byte arrays.</summary>
internal sealed class BytesColumn(PhysicalType<ReadOnlyMemory<byte>> physical) : ColumnType<ReadOnlyMemory<byte>>
{
    internal override Meta.Type Physical => physical.Type;

    internal override Encoding EncodingFor(EncodingHint hint) => physical.EncodingFor(hint);

    internal override int CountWithin(ReadOnlySpan<ReadOnlyMemory<byte>> values, int bytes)
    {
        var count = 0;
        for (var size = 0L; count < values.Length && size < bytes; count++) size += sizeof(int) + values[count].Length;
        return count;
    }

    internal override void Encode(ReadOnlySpan<ReadOnlyMemory<byte>> values, Encoding encoding, PooledBuffer output) => physical.Encode(values, encoding, output);

    internal override void Decode(ReadOnlyMemory<byte> page, Encoding encoding, Span<ReadOnlyMemory<byte>> values)
    {
        physical.Decode(page, encoding, values);
        foreach (ref var value in values) value = value.ToArray();
    }

    internal override ValueRange<ReadOnlyMemory<byte>> NewRange() =>
        new ComparedRange<ReadOnlyMemory<byte>>(Comparer<ReadOnlyMemory<byte>>.Create((a, b) => a.Span.SequenceCompareTo(b.Span)));

    protected override object ToObject(ReadOnlyMemory<byte> value) => value.ToArray();
}
