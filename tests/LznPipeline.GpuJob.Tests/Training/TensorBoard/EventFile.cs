using System.Buffers.Binary;
using System.Text;

namespace LznPipeline.GpuJob.Tests.Training.TensorBoard;

/// <summary>Reads TensorBoard's event files by the published formats, and what TensorBoard would show of a folder of them.</summary>
internal static class EventFile
{
    internal static IEnumerable<Event> Read(ReadOnlyMemory<byte> file)
    {
        while (file.Length > 0)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file.Span);
            Assert.Equal(Masked(file.Span[..8]), BinaryPrimitives.ReadUInt32LittleEndian(file.Span[8..]));
            var message = file.Slice(12, length);
            Assert.Equal(Masked(message.Span), BinaryPrimitives.ReadUInt32LittleEndian(file.Span[(12 + length)..]));
            file = file[(16 + length)..];
            yield return Event.Of(Fields(message));
        }
    }

    /// <summary>Values by tag and step: a session that starts at a step discards what was there of it and of later ones.</summary>
    internal static List<Shown> Show(IEnumerable<byte[]> files)
    {
        var shown = new List<Shown>();
        foreach (var told in files.SelectMany(file => Read(file)))
        {
            if (told.StartsSession)
                shown.RemoveAll(each => each.Step >= told.Step);
            shown.AddRange(told.Values.Select(value => new Shown(value.Tag, told.Step, value.Scalar, value.Image)));
        }

        return shown;
    }

    /// <summary>CRC-32C bit by bit, turned right by 15 bits and shifted by the format's constant.</summary>
    internal static uint Masked(ReadOnlySpan<byte> data)
    {
        var crc = 0xffffffffu;
        foreach (var each in data)
        {
            crc ^= each;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? crc >> 1 ^ 0x82f63b78 : crc >> 1;
        }

        crc = ~crc;
        return (crc >> 15 | crc << 17) + 0xa282ead8;
    }

    /// <summary>A message's fields in their order; numbers as their bits.</summary>
    private static List<Field> Fields(ReadOnlyMemory<byte> message)
    {
        var fields = new List<Field>();
        var place = 0;
        while (place < message.Length)
        {
            var key = Varint();
            var (number, type) = ((int)(key >> 3), key & 7);
            fields.Add(type switch
            {
                0 => new Field(number, Varint(), default),
                1 => new Field(number, BinaryPrimitives.ReadUInt64LittleEndian(Take(8).Span), default),
                2 => new Field(number, 0, Take((int)Varint())),
                5 => new Field(number, BinaryPrimitives.ReadUInt32LittleEndian(Take(4).Span), default),
                _ => throw new InvalidDataException($"Wire type {type} at {place}."),
            });
        }

        return fields;

        ulong Varint()
        {
            var value = 0UL;
            for (var shift = 0; ; shift += 7)
            {
                var each = message.Span[place++];
                value |= (ulong)(each & 0x7f) << shift;
                if (each < 0x80)
                    return value;
            }
        }

        ReadOnlyMemory<byte> Take(int length)
        {
            place += length;
            return message.Slice(place - length, length);
        }
    }

    internal sealed record Shown(string Tag, long Step, double? Scalar, Image? Image);

    internal sealed record Event(double WallTime, long Step, string? FileVersion, bool StartsSession, IReadOnlyList<Value> Values)
    {
        internal static Event Of(List<Field> fields) => new(
            BitConverter.UInt64BitsToDouble(fields.Single(field => field.Number == 1).Number64),
            (long)(fields.SingleOrDefault(field => field.Number == 2)?.Number64 ?? 0),
            fields.SingleOrDefault(field => field.Number == 3) is { } version ? Encoding.UTF8.GetString(version.Bytes.Span) : null,
            fields.SingleOrDefault(field => field.Number == 7) is { } session && Fields(session.Bytes).Single(field => field.Number == 1).Number64 == 1,
            [.. fields.Where(field => field.Number == 5).SelectMany(summary => Fields(summary.Bytes)).Select(value => Value.Of(Fields(value.Bytes)))]);
    }

    internal sealed record Value(string Tag, double? Scalar, Image? Image)
    {
        internal static Value Of(List<Field> fields) => new(
            Encoding.UTF8.GetString(fields.Single(field => field.Number == 1).Bytes.Span),
            fields.SingleOrDefault(field => field.Number == 2) is { } scalar ? BitConverter.UInt32BitsToSingle((uint)scalar.Number64) : null,
            fields.SingleOrDefault(field => field.Number == 4) is { } image ? Image.Of(Fields(image.Bytes)) : null);
    }

    internal sealed record Image(int Height, int Width, int ColorSpace, byte[] Png)
    {
        internal static Image Of(List<Field> fields) => new(
            (int)fields.Single(field => field.Number == 1).Number64,
            (int)fields.Single(field => field.Number == 2).Number64,
            (int)fields.Single(field => field.Number == 3).Number64,
            fields.Single(field => field.Number == 4).Bytes.ToArray());
    }

    internal sealed record Field(int Number, ulong Number64, ReadOnlyMemory<byte> Bytes);
}
