using System.Buffers.Binary;

namespace Parquet.Encodings;

/// <summary>Numbers of 0 to 64 bits one after another, lowest bits first.</summary>
internal static class BitPacking
{
    /// <summary>Bits that <paramref name="largest"/> needs; 0 for 0.</summary>
    internal static int WidthOf(uint largest) => 32 - int.CreateChecked(uint.LeadingZeroCount(largest));

    internal static int SizeOf(int count, int width) => checked((int)(((long)count * width + 7) / 8));

    /// <param name="packed">At least <see cref="SizeOf"/> bytes.</param>
    internal static void Unpack(ReadOnlySpan<byte> packed, int width, Span<ulong> values)
    {
        var mask = width == 64 ? ulong.MaxValue : (1ul << width) - 1;
        for (var i = 0; i < values.Length; i++)
        {
            var bit = (long)i * width;
            values[i] = Window(packed, (int)(bit >> 3), (int)(bit & 7), width) & mask;
        }
    }

    /// <param name="packed">At least <see cref="SizeOf"/> bytes.</param>
    /// <param name="width">0 to 32.</param>
    internal static void Unpack(ReadOnlySpan<byte> packed, int width, Span<int> values)
    {
        var mask = (1ul << width) - 1;
        var i = 0;
        for (; i < values.Length; i++)
        {
            var bit = (long)i * width;
            var start = (int)(bit >> 3);
            if (start + sizeof(ulong) > packed.Length) break;
            values[i] = (int)((BinaryPrimitives.ReadUInt64LittleEndian(packed[start..]) >> (int)(bit & 7)) & mask);
        }
        for (; i < values.Length; i++)
        {
            var bit = (long)i * width;
            values[i] = (int)(Window(packed, (int)(bit >> 3), (int)(bit & 7), width) & mask);
        }
    }

    /// <param name="values">A multiple of eight, so that groups end at whole bytes.</param>
    internal static void Pack(ReadOnlySpan<ulong> values, int width, PooledBuffer output)
    {
        var packed = output.Append(SizeOf(values.Length, width));
        UInt128 pending = 0;
        var bits = 0;
        var next = 0;
        foreach (var value in values)
        {
            pending |= (UInt128)value << bits;
            for (bits += width; bits >= 8; bits -= 8, pending >>= 8) packed[next++] = (byte)pending;
        }
        if (bits > 0) packed[next] = (byte)pending;
    }

    private static ulong Window(ReadOnlySpan<byte> packed, int start, int shift, int width)
    {
        if (width == 0) return 0;
        var bytes = (shift + width + 7) / 8;
        var low = 0ul;
        for (var i = Math.Min(bytes, 8) - 1; i >= 0; i--) low = (low << 8) | packed[start + i];
        low >>= shift;
        return bytes <= 8 ? low : low | ((ulong)packed[start + 8] << (64 - shift));
    }
}
