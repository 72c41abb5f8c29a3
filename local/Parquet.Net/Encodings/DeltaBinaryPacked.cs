using System.Numerics;

namespace Parquet.Encodings;

/// <summary>DELTA_BINARY_PACKED: the first value, then differences in blocks, bit-packed above each block's smallest.</summary>
internal static class DeltaBinaryPacked
{
    private const int BlockSize = 128;
    private const int MiniBlocks = 4;
    private const int MiniBlockSize = BlockSize / MiniBlocks;

    /// <summary>How many values the data says it holds.</summary>
    internal static int CountIn(ReadOnlySpan<byte> encoded)
    {
        var reader = new ByteReader(encoded);
        reader.TakeCount();
        reader.TakeCount();
        return reader.TakeCount();
    }

    /// <param name="reader">Stands after the encoded values when this returns.</param>
    internal static void Decode<T>(ref ByteReader reader, Span<T> values) where T : struct, IBinaryInteger<T>
    {
        var blockSize = reader.TakeCount();
        var miniBlocks = reader.TakeCount();
        var count = reader.TakeCount();
        var value = reader.TakeZigZag();
        if (miniBlocks == 0 || blockSize % miniBlocks != 0 || blockSize / miniBlocks is var size && (size % 32 != 0 || size is 0 or > 1 << 16))
            throw new ParquetException($"A delta page has blocks of {blockSize} values in {miniBlocks} parts; parts hold a multiple of 32. The file is corrupt.");
        if (count < values.Length) throw new ParquetException($"A delta page holds {count} values, {values.Length} are expected. The file is corrupt.");
        if (values.Length == 0) return;
        if (count > values.Length) throw new ParquetException($"A delta page holds {count} values, only {values.Length} are expected. The file is corrupt.");

        values[0] = T.CreateTruncating(value);
        var rest = values[1..];
        using var deltas = new PooledArray<ulong>(size);
        while (rest.Length > 0)
        {
            var smallest = reader.TakeZigZag();
            var widths = reader.Take(miniBlocks);
            for (var i = 0; i < miniBlocks && rest.Length > 0; i++)
            {
                if (widths[i] > 64) throw new ParquetException($"A delta page states a bit width of {widths[i]}. Allowed: 0 to 64. The file is corrupt.");
                var part = deltas.Span[..Math.Min(size, rest.Length)];
                // The last part is padded by most writers and cut by some.
                var packed = reader.Take(Math.Min(BitPacking.SizeOf(size, widths[i]), Math.Max(reader.Rest.Length, BitPacking.SizeOf(part.Length, widths[i]))));
                BitPacking.Unpack(packed, widths[i], part);
                for (var j = 0; j < part.Length; j++)
                {
                    value = unchecked(value + smallest + (long)part[j]);
                    rest[j] = T.CreateTruncating(value);
                }
                rest = rest[part.Length..];
            }
        }
    }

    internal static void Encode<T>(ReadOnlySpan<T> values, PooledBuffer output) where T : struct, IBinaryInteger<T>
    {
        output.WriteVarint(BlockSize);
        output.WriteVarint(MiniBlocks);
        output.WriteVarint((ulong)values.Length);
        var previous = values.Length == 0 ? 0L : long.CreateTruncating(values[0]);
        WriteZigZag(previous, output);

        Span<long> deltas = stackalloc long[BlockSize];
        for (var rest = values.Length == 0 ? values : values[1..]; rest.Length > 0;)
        {
            var block = deltas[..Math.Min(BlockSize, rest.Length)];
            for (var i = 0; i < block.Length; i++)
            {
                // Differences wrap in the column's own width: 32-bit values never need 33 bits.
                var value = long.CreateTruncating(rest[i]);
                block[i] = long.CreateTruncating(T.CreateTruncating(unchecked(value - previous)));
                previous = value;
            }
            WriteBlock(block, output);
            rest = rest[block.Length..];
        }
    }

    private static void WriteBlock(ReadOnlySpan<long> deltas, PooledBuffer output)
    {
        var smallest = long.MaxValue;
        foreach (var delta in deltas) smallest = Math.Min(smallest, delta);
        WriteZigZag(smallest, output);

        Span<ulong> above = stackalloc ulong[BlockSize];
        above.Clear();
        for (var i = 0; i < deltas.Length; i++) above[i] = unchecked((ulong)(deltas[i] - smallest));

        Span<byte> widths = stackalloc byte[MiniBlocks];
        for (var i = 0; i < MiniBlocks; i++) widths[i] = WidthOf(above.Slice(i * MiniBlockSize, MiniBlockSize));
        output.Write(widths);
        for (var i = 0; i * MiniBlockSize < deltas.Length; i++) BitPacking.Pack(above.Slice(i * MiniBlockSize, MiniBlockSize), widths[i], output);
    }

    private static byte WidthOf(ReadOnlySpan<ulong> values)
    {
        var all = 0ul;
        foreach (var value in values) all |= value;
        return (byte)(64 - BitOperations.LeadingZeroCount(all));
    }

    private static void WriteZigZag(long value, PooledBuffer output) => output.WriteVarint((ulong)((value << 1) ^ (value >> 63)));
}
