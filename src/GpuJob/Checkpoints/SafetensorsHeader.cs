using System.Text.Json;
using LznPipeline.GpuJob.Tensors;

namespace LznPipeline.GpuJob.Checkpoints;

/// <summary>The JSON at the beginning of a safetensors file: where each tensor lies, and texts that its writer added.</summary>
/// <remarks><c>{"__metadata__": {name: text}, tensor: {"dtype": "F32", "shape": [2, 3], "data_offsets": [begin, end]}}</c>. Offsets count from the header's end.</remarks>
internal sealed record SafetensorsHeader(IReadOnlyDictionary<string, StoredTensor> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    private const string MetadataName = "__metadata__";

    /// <summary>Headers are padded to a multiple of this, so that tensors begin aligned.</summary>
    private const int Alignment = 8;

    private static readonly JsonSerializerOptions EntryJson = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    /// <summary>Lays tensors out in the given order; the same tensors give the same bytes.</summary>
    internal static byte[] Write(IEnumerable<KeyValuePair<string, TensorSource>> tensors, IReadOnlyDictionary<string, string> metadata)
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
                var begin = end;
                end += tensor.Bytes;
                header.WritePropertyName(name);
                JsonSerializer.Serialize(header, new Entry(tensor.Type.Safetensors, tensor.Shape, [begin, end]), EntryJson);
            }

            header.WriteEndObject();
        }

        while (json.Length % Alignment != 0)
            json.WriteByte((byte)' ');
        return json.ToArray();
    }

    /// <param name="file">Names the file in messages.</param> <param name="available">Bytes that follow the header.</param>
    /// <exception cref="InvalidDataException">A tensor lies outside the file, or has other than the bytes that its shape needs.</exception>
    /// <exception cref="JsonException">It is something else.</exception>
    internal static SafetensorsHeader Read(ReadOnlySpan<byte> json, string file, long available)
    {
        var header = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json) ?? throw new JsonException("it is null");
        var metadata = header.Remove(MetadataName, out var texts) ? texts.Deserialize<Dictionary<string, string>>() : null;
        var tensors = header.ToDictionary(pair => pair.Key, pair => Checked(pair.Value.Deserialize<Entry>(EntryJson), pair.Key, file, available), StringComparer.Ordinal);
        return new SafetensorsHeader(tensors, metadata ?? []);
    }

    private static StoredTensor Checked(Entry? entry, string tensor, string file, long available)
    {
        if (entry is null || TensorType.All.FirstOrDefault(each => each.Safetensors == entry.Dtype) is not { } type)
            throw new InvalidDataException($"Tensor '{tensor}' of '{file}' has type {entry?.Dtype}. Known: {string.Join(", ", TensorType.All.Select(each => each.Safetensors))}.");
        // Long products of hostile shapes overflow into anything, so they are formed in Int128.
        var needed = entry.Shape.Aggregate((Int128)type.Size, (bytes, extent) => Int128.Min(bytes * Math.Max(extent, -1), long.MaxValue));
        if (entry.DataOffsets is not [var begin, var end] || begin < 0 || end > available || end - begin != needed || entry.Shape.Any(extent => extent < 0))
            throw new InvalidDataException($"Tensor '{tensor}' of '{file}' has shape [{string.Join(", ", entry.Shape)}] and lies at [{string.Join(", ", entry.DataOffsets)}] of {available} bytes: the file is cut or damaged.");
        return new StoredTensor(type, entry.Shape, begin);
    }

    private sealed record Entry(string Dtype, long[] Shape, long[] DataOffsets);
}

/// <summary>A tensor in a file.</summary>
/// <param name="Begin">Its first byte, counted from the header's end.</param>
internal sealed record StoredTensor(TensorType Type, long[] Shape, long Begin);
