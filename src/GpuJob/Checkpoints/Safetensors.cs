using System.Buffers.Binary;
using System.Text.Json;
using LznPipeline.GpuJob.Tensors;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Checkpoints;

/// <summary>The safetensors format: eight bytes with the length of a JSON header, the header, then the raw tensors. Files may be larger than memory.</summary>
internal sealed class Safetensors : IDisposable
{
    private const int LengthBytes = 8;

    /// <summary>The bound that other readers of the format set as well: a header describes tensors, it holds none.</summary>
    private const long MaxHeaderBytes = 100_000_000;

    private readonly Stream _file;
    private readonly string _name;
    private readonly long _dataBegin;
    private readonly SafetensorsHeader _header;

    private Safetensors(Stream file, string name, long dataBegin, SafetensorsHeader header) =>
        (_file, _name, _dataBegin, _header) = (file, name, dataBegin, header);

    internal IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>By name, in the order of the header.</summary>
    internal IReadOnlyDictionary<string, StoredTensor> Tensors => _header.Tensors;

    /// <summary>Whether it has the bytes that were written. Files of other programs, and of older versions of this one, do not say.</summary>
    internal bool IsWhole => Metadata.GetValueOrDefault(Seal.Key) is not { } digits || Seal.Fits(_file, digits);

    /// <summary>Writes tensors in the given order; the same tensors give the same bytes.</summary>
    internal static void Write(Stream to, IReadOnlyCollection<KeyValuePair<string, TensorSource>> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var header = SafetensorsHeader.Write(tensors, metadata);
        Span<byte> length = stackalloc byte[LengthBytes];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        to.Write(length);
        to.Write(header);
        foreach (var (_, tensor) in tensors)
            tensor.WriteTo(to);
    }

    /// <summary>Opens a file on disk.</summary>
    /// <inheritdoc cref="Read"/>
    internal static Safetensors Open(string path)
    {
        var file = File.OpenRead(path);
        try
        {
            return Read(file, path);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads the header and checks that every tensor lies inside the file with as many bytes as its shape needs.</summary>
    /// <param name="file">Seekable; tensors are read from it later. It is closed with the result.</param> <param name="name">Names it in messages.</param>
    /// <exception cref="InvalidDataException">The file is damaged or something else.</exception>
    internal static Safetensors Read(Stream file, string name)
    {
        if (file.Length < LengthBytes)
            throw new InvalidDataException($"'{name}' is no safetensors file: it has {file.Length} bytes.");
        file.Position = 0;
        Span<byte> bytes = stackalloc byte[LengthBytes];
        file.ReadExactly(bytes);
        var length = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        if (length < 2 || length > Math.Min(file.Length - LengthBytes, MaxHeaderBytes))
            throw new InvalidDataException($"'{name}' is no safetensors file, or cut: its header should have {length} bytes, the file has {file.Length}.");
        var json = new byte[length];
        file.ReadExactly(json);
        try
        {
            return new Safetensors(file, name, LengthBytes + length, SafetensorsHeader.Read(json, name, file.Length - LengthBytes - length));
        }
        catch (JsonException wrong)
        {
            throw new InvalidDataException($"'{name}' is no safetensors file: its header cannot be read ({wrong.Message}).", wrong);
        }
    }

    /// <summary>A tensor to be written elsewhere.</summary>
    /// <exception cref="InvalidDataException">There is none of that name.</exception>
    internal TensorSource Source(string name)
    {
        var stored = Find(name);
        return new TensorSource(stored.Type, stored.Shape, () => Tensor(name));
    }

    /// <summary>A copy of a tensor, on the CPU.</summary>
    /// <exception cref="InvalidDataException">There is none of that name.</exception>
    internal Tensor Tensor(string name)
    {
        var stored = Find(name);
        var tensor = empty(stored.Shape, dtype: stored.Type.Type);
        _file.Position = _dataBegin + stored.Begin;
        if (stored.Widened is null)
            TensorBytes.Read(_file, tensor);
        else
            Widen(name, stored, stored.Widened, tensor);
        return tensor;
    }

    private void Widen(string name, StoredTensor stored, WidenedType type, Tensor into)
    {
        var bytes = new byte[stored.End - stored.Begin];
        _file.ReadExactly(bytes);
        try
        {
            type.Widen(bytes, into);
        }
        catch (InvalidDataException wrong)
        {
            throw new InvalidDataException($"Tensor '{name}' of '{_name}' cannot be read: {wrong.Message}.", wrong);
        }
    }

    private StoredTensor Find(string name) =>
        Tensors.TryGetValue(name, out var stored) ? stored : throw new InvalidDataException($"'{_name}' has no tensor '{name}'.");

    public void Dispose() => _file.Dispose();
}

/// <summary>The JSON at the beginning of a safetensors file: where each tensor lies, and texts that its writer added.</summary>
/// <remarks>
/// <c>{"__metadata__": {name: text}, tensor: {"dtype": "F32", "shape": [2, 3], "data_offsets": [begin, end]}}</c>. Offsets count from the header's end.
/// </remarks>
internal sealed record SafetensorsHeader(IReadOnlyDictionary<string, StoredTensor> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    private const string MetadataName = "__metadata__";

    /// <summary>Headers are padded to a multiple of this, so that tensors begin aligned.</summary>
    private const int Alignment = 8;

    private static readonly JsonSerializerOptions NamesOnce = new() { AllowDuplicateProperties = false };

    private static readonly JsonSerializerOptions EntryJson = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true
    };

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
        var header = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json, NamesOnce) ?? throw new JsonException("it is null");
        var metadata = header.Remove(MetadataName, out var texts) ? texts.Deserialize<Dictionary<string, string>>() : null;
        var tensors = header.ToDictionary(
            pair => pair.Key, pair => Checked(pair.Value.Deserialize<Entry>(EntryJson), pair.Key, file, available), StringComparer.Ordinal);
        var end = 0L;
        foreach (var (name, tensor) in tensors.OrderBy(each => each.Value.Begin).ThenBy(each => each.Value.End))
        {
            if (tensor.Begin != end)
                throw new InvalidDataException($"Tensor '{name}' of '{file}' begins at byte {tensor.Begin}, and what is before it ends at {end}. "
                    + "Tensors of a safetensors file neither overlap nor leave holes.");
            end = tensor.End;
        }

        if (end != available)
            throw new InvalidDataException($"'{file}' has {available - end} bytes behind its last tensor, which belong to none.");
        return new SafetensorsHeader(tensors, metadata ?? []);
    }

    private static StoredTensor Checked(Entry? entry, string tensor, string file, long available)
    {
        var widened = WidenedType.All.FirstOrDefault(each => each.Safetensors == entry?.Dtype);
        var read = widened is null ? TensorType.All.FirstOrDefault(each => each.Safetensors == entry?.Dtype) : TensorType.Of(widened.As);
        if (entry is null || read is not { } type)
        {
            var known = TensorType.All.Select(each => each.Safetensors).Concat(WidenedType.All.Select(each => each.Safetensors));
            throw new InvalidDataException($"Tensor '{tensor}' of '{file}' has type {entry?.Dtype}. Known: {string.Join(", ", known)}.");
        }

        // Long products of hostile shapes overflow into anything, so they are formed in Int128.
        var needed = entry.Shape.Aggregate((Int128)(widened?.Size ?? type.Size), (bytes, extent) => Int128.Min(bytes * Math.Max(extent, -1), long.MaxValue));
        if (entry.DataOffsets is not [var begin, var end] || begin < 0 || end > available || end - begin != needed || entry.Shape.Any(extent => extent < 0))
            throw new InvalidDataException($"Tensor '{tensor}' of '{file}' has shape [{string.Join(", ", entry.Shape)}] "
                + $"and lies at [{string.Join(", ", entry.DataOffsets)}] of {available} bytes: the file is cut or damaged.");
        return new StoredTensor(type, entry.Shape, begin, end) { Widened = widened };
    }

    private sealed record Entry(string Dtype, long[] Shape, long[] DataOffsets);
}

/// <summary>A tensor in a file.</summary>
/// <param name="Type">As which it is read.</param>
/// <param name="Begin">Its first byte, counted from the header's end.</param> <param name="End">The byte behind its last.</param>
internal sealed record StoredTensor(TensorType Type, long[] Shape, long Begin, long End)
{
    /// <summary>As which it is stored, if that is not <see cref="Type"/>.</summary>
    internal WidenedType? Widened { get; init; }
}
