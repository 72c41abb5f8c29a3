using System.Buffers.Binary;

namespace Parquet.Columns;

/// <summary>Decimals as unscaled whole numbers: the value is number / 10^scale.</summary>
internal static class Decimals
{
    private const int LargestScale = 28;   // of a .NET decimal

    /// <summary>Bytes that every number of so many digits fits into, sign included.</summary>
    internal static int SizeOf(int precision) => (int)Math.Ceiling((precision * Math.Log2(10) + 1) / 8);

    internal static Int128 ToUnscaled(decimal value, int precision, int scale)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var unscaled = (Int128)new UInt128((uint)bits[2], ((ulong)(uint)bits[1] << 32) | (uint)bits[0]);
        var shift = scale - value.Scale;
        for (; shift < 0; shift++)
        {
            if (unscaled % 10 != 0) throw Misfit(value, precision, scale);
            unscaled /= 10;
        }
        var limit = Power(Math.Min(precision, 38));
        for (; shift > 0; shift--)
        {
            if (unscaled >= limit) throw Misfit(value, precision, scale);
            unscaled *= 10;
        }
        if (unscaled >= limit) throw Misfit(value, precision, scale);
        return value < 0 ? -unscaled : unscaled;
    }

    internal static decimal FromUnscaled(Int128 unscaled, int scale)
    {
        for (; scale > LargestScale || UInt128.CreateTruncating(Int128.Abs(unscaled)) >> 96 != 0; scale--)
        {
            if (scale == 0 || unscaled % 10 != 0) throw new ParquetException($"The number {unscaled} / 10^{scale} needs more than the 28 digits of a .NET decimal.");
            unscaled /= 10;
        }
        var magnitude = UInt128.CreateTruncating(Int128.Abs(unscaled));
        return new decimal((int)(uint)magnitude, (int)(uint)(magnitude >> 32), (int)(uint)(magnitude >> 64), unscaled < 0, (byte)scale);
    }

    internal static ReadOnlyMemory<byte> ToBytes(Int128 unscaled, int size)
    {
        var bytes = new byte[Math.Max(size, 16)];
        if (unscaled < 0) bytes.AsSpan().Fill(0xFF);
        BinaryPrimitives.WriteInt128BigEndian(bytes.AsSpan(bytes.Length - 16), unscaled);
        return bytes.AsMemory(bytes.Length - size);
    }

    internal static Int128 FromBytes(ReadOnlySpan<byte> bytes)
    {
        var value = bytes.Length > 0 && (sbyte)bytes[0] < 0 ? Int128.NegativeOne : Int128.Zero;
        foreach (var part in bytes)
        {
            if (value >> 119 != 0 && value >> 119 != Int128.NegativeOne) throw new ParquetException($"A decimal of {bytes.Length} bytes has more than 128 bits.");
            value = (value << 8) | part;
        }
        return value;
    }

    private static Int128 Power(int digits)
    {
        Int128 power = 1;
        for (; digits > 0; digits--) power *= 10;
        return power;
    }

    private static ArgumentException Misfit(decimal value, int precision, int scale) =>
        new($"{value} does not fit a decimal column of {precision} digits, {scale} of them after the point. Round it, or give the column more digits.", nameof(value));
}
