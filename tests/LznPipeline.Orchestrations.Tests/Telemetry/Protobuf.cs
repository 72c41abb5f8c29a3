namespace LznPipeline.Orchestrations.Tests.Telemetry;

/// <summary>Reads the wire format of protocol buffers: enough of it for what OTLP sends.</summary>
internal static class Protobuf
{
    private enum Wire
    {
        Varint = 0,
        Fixed64 = 1,
        Bytes = 2,
        Fixed32 = 5,
    }

    /// <summary>The contents of every field of bytes, text or message with this number.</summary>
    internal static IEnumerable<ReadOnlyMemory<byte>> Fields(ReadOnlyMemory<byte> message, int number)
    {
        while (message.Length > 0)
        {
            var tag = TakeVarint(ref message);
            var length = (Wire)(tag & 7) switch
            {
                Wire.Varint => VarintLength(message.Span),
                Wire.Fixed64 => sizeof(ulong),
                Wire.Bytes => (int)TakeVarint(ref message),
                Wire.Fixed32 => sizeof(uint),
                var other => throw new InvalidDataException($"Wire type {other} is not known."),
            };
            if ((int)(tag >> 3) == number && (Wire)(tag & 7) is Wire.Bytes)
                yield return message[..length];
            message = message[length..];
        }
    }

    /// <summary>The contents of fields within fields, by the numbers on the way.</summary>
    internal static IEnumerable<ReadOnlyMemory<byte>> At(ReadOnlyMemory<byte> message, params int[] path) =>
        path.Aggregate(Enumerable.Repeat(message, 1), (found, number) => found.SelectMany(inner => Fields(inner, number)));

    private static int VarintLength(ReadOnlySpan<byte> bytes) => bytes.IndexOfAnyInRange((byte)0, (byte)0x7f) + 1;

    private static ulong TakeVarint(ref ReadOnlyMemory<byte> message)
    {
        var (value, length) = (0UL, VarintLength(message.Span));
        for (var i = 0; i < length; i++)
            value |= (ulong)(message.Span[i] & 0x7f) << (7 * i);
        message = message[length..];
        return value;
    }
}
