namespace Parquet.Encodings;

/// <summary>BYTE_STREAM_SPLIT: the first bytes of all values, then their second bytes, and so on.</summary>
internal static class ByteStreamSplit
{
    /// <param name="values">Whole values of <paramref name="width"/> bytes.</param>
    internal static void Encode(ReadOnlySpan<byte> values, int width, Span<byte> split)
    {
        var count = values.Length / width;
        for (var k = 0; k < width; k++)
        {
            var stream = split.Slice(k * count, count);
            for (int i = 0, at = k; i < stream.Length; i++, at += width) stream[i] = values[at];
        }
    }

    internal static void Decode(ReadOnlySpan<byte> split, int width, Span<byte> values)
    {
        var count = values.Length / width;
        for (var k = 0; k < width; k++)
        {
            var stream = split.Slice(k * count, count);
            for (int i = 0, at = k; i < stream.Length; i++, at += width) values[at] = stream[i];
        }
    }
}
