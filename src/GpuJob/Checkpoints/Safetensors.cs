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

    private Safetensors(Stream file, string name, long dataBegin, SafetensorsHeader header) => (_file, _name, _dataBegin, _header) = (file, name, dataBegin, header);

    internal IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>By name, in the order of the header.</summary>
    internal IReadOnlyDictionary<string, StoredTensor> Tensors => _header.Tensors;

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
        TensorBytes.Read(_file, tensor);
        return tensor;
    }

    private StoredTensor Find(string name) => Tensors.TryGetValue(name, out var stored) ? stored : throw new InvalidDataException($"'{_name}' has no tensor '{name}'.");

    public void Dispose() => _file.Dispose();
}
