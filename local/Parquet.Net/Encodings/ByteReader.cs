using System.Buffers.Binary;

namespace Parquet.Encodings;

/// <summary>Reads a page's content; every overrun is a <see cref="ParquetException"/>.</summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    internal readonly ReadOnlySpan<byte> Rest => _rest;

    internal ReadOnlySpan<byte> Take(long count)
    {
        if (count < 0 || count > _rest.Length) throw new ParquetException($"A page ends {count - _rest.Length} bytes early: it holds {_rest.Length} more, {count} are needed. The file is corrupt.");
        var taken = _rest[..(int)count];
        _rest = _rest[(int)count..];
        return taken;
    }

    internal byte TakeByte() => Take(1)[0];

    internal int TakeInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    /// <summary>A length that stands in base 128.</summary>
    internal int TakeCount()
    {
        var value = TakeVarint();
        return value <= int.MaxValue ? (int)value : throw new ParquetException($"A page states a count of {value}. The file is corrupt.");
    }

    internal long TakeZigZag()
    {
        var value = TakeVarint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private ulong TakeVarint()
    {
        var value = 0ul;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = TakeByte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }
        throw new ParquetException("A page holds a number of more than 64 bits. The file is corrupt.");
    }
}
