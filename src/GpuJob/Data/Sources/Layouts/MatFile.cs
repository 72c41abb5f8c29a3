using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace LznPipeline.GpuJob.Data.Sources.Layouts;

/// <summary>Reads arrays of structures with texts and numbers out of MATLAB 5 files: as much of that format as ImageNet's list of classes needs.</summary>
/// <remarks>Elements are a type and a length, 4 bytes each, and the content, filled up to 8 bytes. MathWorks, "MAT-File Format", chapter 1.</remarks>
internal static class MatFile
{
    private const int HeaderBytes = 128;

    /// <summary>ImageNet's has a megabyte.</summary>
    private const int MaxBytes = 1 << 28;

    private enum Kind
    {
        Int8 = 1,
        UInt8 = 2,
        Int16 = 3,
        UInt16 = 4,
        Int32 = 5,
        UInt32 = 6,
        Single = 7,
        Double = 9,
        Matrix = 14,
        Compressed = 15,
        Utf8 = 16,
        Utf16 = 17,
    }

    private enum ArrayClass
    {
        Struct = 2,
        Char = 4,
        FirstNumeric = 6,
        LastNumeric = 15,
    }

    /// <returns>
    /// For each field its values, one for each structure: a string, the first number of an array as a double, or an empty string for anything else.
    /// </returns>
    /// <exception cref="InvalidDataException">The file is damaged, or has no such array.</exception>
    internal static Dictionary<string, object[]> ReadStruct(ReadOnlyMemory<byte> file, string variable)
    {
        if (file.Length < HeaderBytes || !file.Span[126..128].SequenceEqual("IM"u8))
            throw new InvalidDataException("it is no MATLAB 5 file.");
        var rest = file[HeaderBytes..];
        while (rest.Length > 0)
        {
            var (kind, content) = Next(ref rest);
            if (kind is Kind.Compressed)
                (kind, content) = Inflated(content);
            if (kind is Kind.Matrix && Matrix(content, out var name) is Dictionary<string, object[]> found && name == variable)
                return found;
        }

        throw new InvalidDataException($"it has no array of structures '{variable}'.");
    }

    private static (Kind Kind, ReadOnlyMemory<byte> Content) Inflated(ReadOnlyMemory<byte> content)
    {
        using var compressed = new MemoryStream(content.ToArray());
        using var inflate = new ZLibStream(compressed, CompressionMode.Decompress);
        using var plain = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int read; (read = inflate.Read(buffer)) > 0;)
        {
            if (plain.Length + read > MaxBytes)
                throw new InvalidDataException($"it holds more than {MaxBytes} bytes.");
            plain.Write(buffer, 0, read);
        }

        ReadOnlyMemory<byte> all = plain.ToArray();
        return Next(ref all);
    }

    /// <summary>Takes an element off the beginning. One of at most 4 bytes stands within its own head.</summary>
    private static (Kind Kind, ReadOnlyMemory<byte> Content) Next(ref ReadOnlyMemory<byte> rest)
    {
        var head = BinaryPrimitives.ReadUInt32LittleEndian(Take(ref rest, 4).Span);
        if (head >> 16 is var small and > 0)
            return small <= 4
                ? ((Kind)(head & 0xFFFF), Take(ref rest, 4)[..(int)small])
                : throw new InvalidDataException("a small element has more than 4 bytes.");
        var length = BinaryPrimitives.ReadUInt32LittleEndian(Take(ref rest, 4).Span);
        var content = Take(ref rest, length);
        if ((Kind)head is not Kind.Compressed)
            Take(ref rest, Math.Min(rest.Length, (8 - length % 8) % 8));
        return ((Kind)head, content);
    }

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> rest, long count)
    {
        if (count > rest.Length)
            throw new InvalidDataException("it is cut.");
        var taken = rest[..(int)count];
        rest = rest[(int)count..];
        return taken;
    }

    private static object Matrix(ReadOnlyMemory<byte> rest, out string name)
    {
        name = "";
        if (rest.IsEmpty)
            return "";      // an empty array may be left out
        var kind = (ArrayClass)Next(ref rest).Content.Span[0];
        var count = Numbers(Next(ref rest)).Aggregate(1.0, (product, length) => product * length);
        name = Text(Next(ref rest));
        return kind switch
        {
            ArrayClass.Struct => Structures(rest, count),
            ArrayClass.Char => Text(Next(ref rest)),
            >= ArrayClass.FirstNumeric and <= ArrayClass.LastNumeric when count > 0 => Numbers(Next(ref rest)).First(),
            _ => "",
        };
    }

    private static Dictionary<string, object[]> Structures(ReadOnlyMemory<byte> rest, double count)
    {
        var width = (int)Numbers(Next(ref rest)).First();
        var names = Text(Next(ref rest)).Chunk(width).Select(letters => new string(letters).TrimEnd('\0')).ToArray();
        if (count * names.Length > MaxBytes / 8)
            throw new InvalidDataException($"it claims to hold {count} structures.");
        var fields = names.ToDictionary(field => field, _ => new object[(int)count], StringComparer.Ordinal);
        for (var structure = 0; structure < count; structure++)
        {
            foreach (var field in names)
                fields[field][structure] = Matrix(Next(ref rest).Content, out _);
        }

        return fields;
    }

    private static string Text((Kind Kind, ReadOnlyMemory<byte> Content) element) => element.Kind switch
    {
        Kind.UInt16 or Kind.Utf16 => Encoding.Unicode.GetString(element.Content.Span),
        _ => Encoding.UTF8.GetString(element.Content.Span),
    };

    private static IEnumerable<double> Numbers((Kind Kind, ReadOnlyMemory<byte> Content) element)
    {
        Func<ReadOnlyMemory<byte>, double> read = element.Kind switch
        {
            Kind.Int8 => bytes => (sbyte)bytes.Span[0],
            Kind.UInt8 => bytes => bytes.Span[0],
            Kind.Int16 => bytes => BinaryPrimitives.ReadInt16LittleEndian(bytes.Span),
            Kind.UInt16 => bytes => BinaryPrimitives.ReadUInt16LittleEndian(bytes.Span),
            Kind.Int32 => bytes => BinaryPrimitives.ReadInt32LittleEndian(bytes.Span),
            Kind.UInt32 => bytes => BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span),
            Kind.Single => bytes => BinaryPrimitives.ReadSingleLittleEndian(bytes.Span),
            Kind.Double => bytes => BinaryPrimitives.ReadDoubleLittleEndian(bytes.Span),
            _ => throw new InvalidDataException($"a number is stored as {element.Kind}."),
        };
        var size = element.Kind switch { Kind.Int8 or Kind.UInt8 => 1, Kind.Int16 or Kind.UInt16 => 2, Kind.Double => 8, _ => 4 };
        for (var at = 0; at + size <= element.Content.Length; at += size)
            yield return read(element.Content.Slice(at, size));
    }
}
