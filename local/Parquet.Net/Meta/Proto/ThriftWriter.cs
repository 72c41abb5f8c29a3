using Parquet.Encodings;

namespace Parquet.Meta.Proto;

/// <summary>Writes the Thrift compact protocol.</summary>
internal sealed class ThriftWriter(PooledBuffer output)
{
    internal void WriteFieldHeader(ThriftType type, short id, ref short last)
    {
        var delta = id - last;
        last = id;
        if (delta is > 0 and <= 15)
        {
            WriteByte((byte)((delta << 4) | (int)type));
            return;
        }
        WriteByte((byte)type);
        WriteZigZag(id);
    }

    internal void WriteStop() => WriteByte(0);

    internal void WriteListHeader(ThriftType type, int count)
    {
        WriteByte((byte)((Math.Min(count, 15) << 4) | (int)type));
        if (count >= 15) output.WriteVarint((ulong)count);
    }

    internal void WriteByte(byte value) => output.WriteByte(value);

    internal void WriteZigZag(long value) => output.WriteVarint((ulong)((value << 1) ^ (value >> 63)));

    internal void WriteBinary(ReadOnlySpan<byte> value)
    {
        output.WriteVarint((ulong)value.Length);
        output.Write(value);
    }

    internal void WriteText(string value) => WriteBinary(System.Text.Encoding.UTF8.GetBytes(value));
}
