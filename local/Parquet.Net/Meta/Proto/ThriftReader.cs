namespace Parquet.Meta.Proto;

/// <summary>Reads the Thrift compact protocol from memory. Nothing is allocated that the data does not contain.</summary>
internal ref struct ThriftReader(ReadOnlySpan<byte> data)
{
    private const int DeepestNesting = 32;   // the format nests six deep; what is deeper was made to overflow the stack

    private readonly ReadOnlySpan<byte> _data = data;

    internal int Position { get; private set; }

    internal ThriftType ReadFieldHeader(ref short id)
    {
        var header = ReadByte();
        if (header == 0) return ThriftType.Stop;
        var delta = header >> 4;
        id = delta == 0 ? (short)ReadZigZag() : (short)(id + delta);
        return (ThriftType)(header & 0x0F);
    }

    internal (ThriftType Type, int Count) ReadListHeader()
    {
        var header = ReadByte();
        var count = header >> 4;
        if (count == 15) count = ReadLength();
        if (count > _data.Length - Position) throw CutShort(count);   // every element takes at least a byte
        return ((ThriftType)(header & 0x0F), count);
    }

    internal byte ReadByte() => Position < _data.Length ? _data[Position++] : throw CutShort(1);

    internal long ReadZigZag()
    {
        var value = ReadVarint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    internal int ReadInt32()
    {
        var value = ReadZigZag();
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw new ThriftProtocolException($"A 32-bit number at byte {Position} of the metadata is {value}.");
    }

    internal ReadOnlySpan<byte> ReadBinary()
    {
        var length = ReadLength();
        if (length > _data.Length - Position) throw CutShort(length);
        var value = _data.Slice(Position, length);
        Position += length;
        return value;
    }

    internal string ReadText() => System.Text.Encoding.UTF8.GetString(ReadBinary());

    internal void Skip(ThriftType type, int depth = 0)
    {
        if (depth > DeepestNesting) throw new ThriftProtocolException($"Metadata is nested more than {DeepestNesting} deep at byte {Position}.");
        switch (type)
        {
            case ThriftType.True or ThriftType.False:
                break;
            case ThriftType.Byte:
                ReadByte();
                break;
            case ThriftType.Int16 or ThriftType.Int32 or ThriftType.Int64:
                ReadVarint();
                break;
            case ThriftType.Double:
                SkipBytes(sizeof(double));
                break;
            case ThriftType.Uuid:
                SkipBytes(16);
                break;
            case ThriftType.Binary:
                ReadBinary();
                break;
            case ThriftType.List or ThriftType.Set:
                var (element, count) = ReadListHeader();
                for (var i = 0; i < count; i++) SkipElement(element, depth);
                break;
            case ThriftType.Map:
                SkipMap(depth);
                break;
            case ThriftType.Struct:
                short id = 0;
                while (ReadFieldHeader(ref id) is var field and not ThriftType.Stop) Skip(field, depth + 1);
                break;
            default:
                throw new ThriftProtocolException($"Unknown type code {(int)type} at byte {Position} of the metadata.");
        }
    }

    private void SkipElement(ThriftType type, int depth)
    {
        if (type is ThriftType.True or ThriftType.False) ReadByte();   // a field's boolean is in its header, an element's is a byte
        else Skip(type, depth + 1);
    }

    private void SkipMap(int depth)
    {
        var count = ReadLength();
        if (count == 0) return;
        if (count > _data.Length - Position) throw CutShort(count);
        var types = ReadByte();
        for (var i = 0; i < count; i++)
        {
            SkipElement((ThriftType)(types >> 4), depth);
            SkipElement((ThriftType)(types & 0x0F), depth);
        }
    }

    private void SkipBytes(int count)
    {
        if (count > _data.Length - Position) throw CutShort(count);
        Position += count;
    }

    private int ReadLength()
    {
        var length = ReadVarint();
        return length <= int.MaxValue ? (int)length : throw new ThriftProtocolException($"A length at byte {Position} of the metadata is {length}.");
    }

    private ulong ReadVarint()
    {
        var value = 0ul;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var part = ReadByte();
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }
        throw new ThriftProtocolException($"A number at byte {Position} of the metadata has more than 64 bits.");
    }

    private readonly ThriftProtocolException CutShort(int wanted) =>
        new($"Metadata ends at byte {_data.Length}, {wanted} more expected at {Position}: the file is cut short or corrupt.") { IsCutShort = true };
}
