using System.Text;
using Parquet.Encodings;

namespace Parquet.Columns;

/// <summary>Strings, stored as UTF-8. Each value read is memory over a string of its own, or of its dictionary entry.</summary>
internal sealed class TextColumn(PhysicalType<ReadOnlyMemory<byte>> physical) : ColumnType<ReadOnlyMemory<char>>
{
    private static readonly Comparer<ReadOnlyMemory<char>> CodePoints = Comparer<ReadOnlyMemory<char>>.Create((a, b) => CompareCodePoints(a.Span, b.Span));

    internal override Meta.Type Physical => physical.Type;

    internal override Meta.Encoding EncodingFor(EncodingHint hint) => physical.EncodingFor(hint);

    internal override int CountWithin(ReadOnlySpan<ReadOnlyMemory<char>> values, int bytes)
    {
        var count = 0;
        for (var size = 0L; count < values.Length && size < bytes; count++) size += sizeof(int) + values[count].Length;
        return count;
    }

    internal override void Encode(ReadOnlySpan<ReadOnlyMemory<char>> values, Meta.Encoding encoding, PooledBuffer output)
    {
        using var text = new PooledBuffer();
        using var stored = new PooledArray<ReadOnlyMemory<byte>>(values.Length);
        using var ends = new PooledArray<int>(values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            text.Advance(Encoding.UTF8.GetBytes(values[i].Span, text.Reserve(Encoding.UTF8.GetMaxByteCount(values[i].Length))));
            ends.Span[i] = text.Length;
        }
        for (var i = 0; i < values.Length; i++) stored.Span[i] = text.WrittenMemory[(i == 0 ? 0 : ends.Span[i - 1])..ends.Span[i]];
        physical.Encode(stored.Span, encoding, output);
    }

    internal override void Decode(ReadOnlyMemory<byte> page, Meta.Encoding encoding, Span<ReadOnlyMemory<char>> values)
    {
        using var stored = new PooledArray<ReadOnlyMemory<byte>>(values.Length);
        physical.Decode(page, encoding, stored.Span);
        for (var i = 0; i < values.Length; i++) values[i] = Encoding.UTF8.GetString(stored.Span[i].Span).AsMemory();
    }

    internal override ValueRange<ReadOnlyMemory<char>> NewRange() => new ComparedRange<ReadOnlyMemory<char>>(CodePoints);

    protected override object ToObject(ReadOnlyMemory<char> value) => value.ToString();

    /// <summary>The order of UTF-8 bytes, in which surrogate pairs come after everything else.</summary>
    private static int CompareCodePoints(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        var same = a.CommonPrefixLength(b);
        return same == a.Length || same == b.Length ? a.Length - b.Length : Rank(a[same]) - Rank(b[same]);

        static int Rank(char c) => char.IsSurrogate(c) ? c + 0x10000 : c;
    }
}
