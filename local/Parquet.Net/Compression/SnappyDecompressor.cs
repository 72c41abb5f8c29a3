using System.Buffers.Binary;

namespace Parquet.Compression;

/// <summary>Reads Snappy's block format. Every length is checked, so no data can make it write or read outside.</summary>
internal static class SnappyDecompressor
{
    /// <returns>False where the data are no Snappy block or give another length than <paramref name="output"/>.</returns>
    internal static bool TryDecompress(ReadOnlySpan<byte> source, Span<byte> output)
    {
        if (!TryReadLength(ref source, out var length) || length != output.Length) return false;
        var written = 0;
        while (source.Length > 0)
        {
            int tag = source[0];
            if ((tag & 3) == 0)
            {
                if (!TryReadLiteral(ref source, tag, out var literal) || !literal.TryCopyTo(output[written..])) return false;
                written += literal.Length;
                continue;
            }
            if (!TryReadCopy(ref source, tag, out var count, out var offset)) return false;
            if (offset == 0 || offset > written || count > output.Length - written) return false;
            Repeat(output, written, (int)offset, count);
            written += count;
        }
        return written == output.Length;
    }

    private static bool TryReadLength(ref ReadOnlySpan<byte> source, out long length)
    {
        length = 0;
        for (var i = 0; i < Math.Min(5, source.Length); i++)
        {
            length |= (long)(source[i] & 0x7F) << (7 * i);
            if (source[i] >= 0x80) continue;
            source = source[(i + 1)..];
            return true;
        }
        return false;
    }

    private static bool TryReadLiteral(ref ReadOnlySpan<byte> source, int tag, out ReadOnlySpan<byte> literal)
    {
        literal = default;
        var length = (long)(tag >> 2);
        var extra = 0;
        if (length >= 60)
        {
            extra = (int)length - 59;
            if (source.Length <= extra) return false;
            length = 0;
            for (var i = 0; i < extra; i++) length |= (long)source[1 + i] << (8 * i);
        }
        if (length >= source.Length - 1 - extra) return false;
        literal = source.Slice(1 + extra, (int)length + 1);
        source = source[(1 + extra + literal.Length)..];
        return true;
    }

    private static bool TryReadCopy(ref ReadOnlySpan<byte> source, int tag, out int count, out long offset)
    {
        (count, offset) = (0, 0);
        var size = (tag & 3) switch { 1 => 2, 2 => 3, _ => 5 };
        if (source.Length < size) return false;
        (count, offset) = size switch
        {
            2 => (4 + ((tag >> 2) & 7), ((tag >> 5) << 8) | source[1]),
            3 => (1 + (tag >> 2), BinaryPrimitives.ReadUInt16LittleEndian(source[1..])),
            _ => (1 + (tag >> 2), (long)BinaryPrimitives.ReadUInt32LittleEndian(source[1..])),
        };
        source = source[size..];
        return true;
    }

    /// <summary>A copy may overlap what it writes: then the bytes between repeat.</summary>
    private static void Repeat(Span<byte> output, int position, int offset, int count)
    {
        while (count > 0)
        {
            var part = Math.Min(offset, count);
            output.Slice(position - offset, part).CopyTo(output[position..]);
            position += part;
            count -= part;
            offset += part;   // twice the pattern is a pattern too
        }
    }
}
