using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace LznPipeline.GpuJob.Training.TensorBoard;

/// <summary>A message of protocol buffers, written field by field: a key of number and wire type, then the value.</summary>
internal sealed class ProtobufMessage
{
    private const int LongestVarint = 10;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    private enum Wire
    {
        Varint = 0,
        Fixed64 = 1,
        Bytes = 2,
        Fixed32 = 5,
    }

    internal ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    internal ProtobufMessage With(int field, long value)
    {
        Key(field, Wire.Varint);
        Varint((ulong)value);
        return this;
    }

    internal ProtobufMessage With(int field, double value)
    {
        Key(field, Wire.Fixed64);
        BinaryPrimitives.WriteDoubleLittleEndian(Next(sizeof(double)), value);
        return this;
    }

    internal ProtobufMessage With(int field, float value)
    {
        Key(field, Wire.Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(Next(sizeof(float)), value);
        return this;
    }

    internal ProtobufMessage With(int field, ReadOnlySpan<byte> value)
    {
        Key(field, Wire.Bytes);
        Varint((ulong)value.Length);
        _bytes.Write(value);
        return this;
    }

    internal ProtobufMessage With(int field, string value) => With(field, Encoding.UTF8.GetBytes(value));

    internal ProtobufMessage With(int field, ProtobufMessage value) => With(field, value.Bytes);

    private void Key(int field, Wire type) => Varint((ulong)field << 3 | (uint)type);

    /// <summary>Seven bits a byte, the lowest first; the eighth says that more follow.</summary>
    private void Varint(ulong value)
    {
        var bytes = _bytes.GetSpan(LongestVarint);
        var length = 0;
        for (; value > 0x7f; value >>= 7)
            bytes[length++] = (byte)(value | 0x80);
        bytes[length++] = (byte)value;
        _bytes.Advance(length);
    }

    private Span<byte> Next(int length)
    {
        var bytes = _bytes.GetSpan(length)[..length];
        _bytes.Advance(length);
        return bytes;
    }
}
