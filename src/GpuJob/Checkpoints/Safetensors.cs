using System.Buffers.Binary;
using System.Text.Json;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Checkpoints;

/// <summary>The safetensors format: eight bytes with the length of a JSON header, the header, then the raw tensors.</summary>
/// <remarks>Header: <c>{"__metadata__": {name: text}, tensor: {"dtype": "F32", "shape": [2, 3], "data_offsets": [begin, end]}}</c>. Offsets count from the header's end.</remarks>
internal sealed class Safetensors
{
    private const string MetadataName = "__metadata__";
    private const int LengthBytes = 8;

    private static readonly Dictionary<string, (ScalarType Type, int Size)> Types = new(StringComparer.Ordinal)
    {
        ["F64"] = (ScalarType.Float64, 8),
        ["F32"] = (ScalarType.Float32, 4),
        ["I64"] = (ScalarType.Int64, 8),
        ["U8"] = (ScalarType.Byte, 1),
    };

    private readonly ReadOnlyMemory<byte> _data;
    private readonly Dictionary<string, Entry> _entries;

    private Safetensors(ReadOnlyMemory<byte> data, Dictionary<string, Entry> entries, Dictionary<string, string> metadata) =>
        (_data, _entries, Metadata) = (data, entries, metadata);

    internal IReadOnlyDictionary<string, string> Metadata { get; }

    internal IEnumerable<string> Names => _entries.Keys;

    /// <summary>Lays tensors out in the given order; the same tensors give the same bytes.</summary>
    internal static byte[] Write(IEnumerable<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var all = tensors.ToList();
        var (header, length) = Header(all, metadata);
        var file = new byte[LengthBytes + header.Length + length];
        BinaryPrimitives.WriteInt64LittleEndian(file, header.Length);
        header.CopyTo(file, LengthBytes);
        var rest = file.AsSpan(LengthBytes + header.Length);
        foreach (var (_, tensor) in all)
        {
            using var plain = tensor.detach().cpu().contiguous();
            plain.bytes.CopyTo(rest);
            rest = rest[plain.bytes.Length..];
        }

        return file;
    }

    /// <returns>The header, padded so that tensors begin at a multiple of 8, and the bytes of all tensors together.</returns>
    private static (byte[] Header, long Length) Header(List<KeyValuePair<string, Tensor>> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        using var json = new MemoryStream();
        var end = 0L;
        using (var header = new Utf8JsonWriter(json))
        {
            header.WriteStartObject();
            header.WritePropertyName(MetadataName);
            JsonSerializer.Serialize(header, metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary());
            foreach (var (name, tensor) in tensors)
            {
                var (type, begin) = (NameOf(tensor.dtype), end);
                end += tensor.numel() * Types[type].Size;
                header.WritePropertyName(name);
                JsonSerializer.Serialize(header, new Entry(type, [.. tensor.shape], [begin, end]), EntryJson);
            }

            header.WriteEndObject();
        }

        while (json.Length % LengthBytes != 0)
            json.WriteByte((byte)' ');
        return (json.ToArray(), end);
    }

    /// <summary>Reads the header and checks that every tensor lies inside the file with as many bytes as its shape needs.</summary>
    /// <param name="file">The whole file; tensors are read from it later.</param> <param name="name">Names it in messages.</param>
    /// <exception cref="InvalidDataException">The file is damaged or something else.</exception>
    internal static Safetensors Read(ReadOnlyMemory<byte> file, string name)
    {
        if (file.Length < LengthBytes)
            throw new InvalidDataException($"'{name}' is no safetensors file: it has {file.Length} bytes.");
        var length = BinaryPrimitives.ReadInt64LittleEndian(file.Span);
        if (length < 2 || length > file.Length - LengthBytes)
            throw new InvalidDataException($"'{name}' is no safetensors file, or cut: its header should have {length} bytes, the file has {file.Length}.");
        var data = file[(LengthBytes + (int)length)..];
        try
        {
            var header = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(file.Slice(LengthBytes, (int)length).Span)
                ?? throw new JsonException("it is null");
            var metadata = header.Remove(MetadataName, out var texts) ? texts.Deserialize<Dictionary<string, string>>() : null;
            var entries = header.ToDictionary(pair => pair.Key, pair => Checked(pair.Value.Deserialize<Entry>(EntryJson), pair.Key, name, data.Length), StringComparer.Ordinal);
            return new Safetensors(data, entries, metadata ?? []);
        }
        catch (JsonException wrong)
        {
            throw new InvalidDataException($"'{name}' is no safetensors file: its header cannot be read ({wrong.Message}).", wrong);
        }
    }

    /// <summary>A copy of a tensor.</summary>
    /// <exception cref="InvalidDataException">There is none of that name.</exception>
    internal Tensor Tensor(string name)
    {
        if (!_entries.TryGetValue(name, out var entry))
            throw new InvalidDataException($"The file has no tensor '{name}'.");
        var tensor = empty(entry.Shape, dtype: Types[entry.Dtype].Type);
        _data.Span[(int)entry.DataOffsets[0]..(int)entry.DataOffsets[1]].CopyTo(tensor.bytes);
        return tensor;
    }

    private static readonly JsonSerializerOptions EntryJson = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    private static string NameOf(ScalarType type) => Types.FirstOrDefault(pair => pair.Value.Type == type).Key
        ?? throw new NotSupportedException($"Tensors of type {type} are not written. Known: {string.Join(", ", Types.Values.Select(each => each.Type))}.");

    private static Entry Checked(Entry? entry, string tensor, string file, long available)
    {
        if (entry is null || !Types.TryGetValue(entry.Dtype, out var type))
            throw new InvalidDataException($"Tensor '{tensor}' of '{file}' has type {entry?.Dtype}. Known: {string.Join(", ", Types.Keys)}.");
        // Long products of hostile shapes overflow into anything, so they are formed in Int128.
        var needed = entry.Shape.Aggregate((Int128)type.Size, (bytes, extent) => Int128.Min(bytes * Math.Max(extent, -1), long.MaxValue));
        if (entry.DataOffsets is not [var begin, var end] || begin < 0 || end > available || end - begin != needed || entry.Shape.Any(extent => extent < 0))
            throw new InvalidDataException($"Tensor '{tensor}' of '{file}' has shape [{string.Join(", ", entry.Shape)}] and lies at [{string.Join(", ", entry.DataOffsets)}] of {available} bytes: the file is cut or damaged.");
        return entry;
    }

    private sealed record Entry(string Dtype, long[] Shape, long[] DataOffsets);
}
