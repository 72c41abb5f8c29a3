using System.IO.Compression;
using System.Text;
using LznPipeline.GpuJob.Pickle;
using LznPipeline.GpuJob.Tensors;

namespace LznPipeline.GpuJob.Checkpoints.Pytorch;

/// <summary>Writes what <c>torch.load</c> reads; see <see cref="TorchFile"/> for the form. The same content gives the same bytes.</summary>
internal static class TorchFileWriter
{
    private const string Folder = "archive/";

    /// <summary>Of the form, as PyTorch writes it since 1.6.</summary>
    private const string Version = "3\n";

    /// <summary>The earliest time that a zip can say: content alone shall decide the bytes.</summary>
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <param name="to">Seekable.</param> <param name="root">See <see cref="PickleWriter"/>.</param>
    internal static void Write(Stream to, object root)
    {
        using var zip = new ZipArchive(to, ZipArchiveMode.Create, leaveOpen: true);
        using var pickle = new MemoryStream();
        var writer = new PickleWriter(pickle);
        writer.Write(root);
        Add(zip, "data.pkl", entry => entry.Write(pickle.GetBuffer(), 0, (int)pickle.Length));
        Add(zip, "byteorder", entry => entry.Write(Encoding.ASCII.GetBytes("little")));
        foreach (var (key, tensor) in writer.Tensors.Index())
            Add(zip, $"data/{key}", tensor.WriteTo);
        Add(zip, "version", entry => entry.Write(Encoding.ASCII.GetBytes(Version)));
    }

    private static void Add(ZipArchive zip, string name, Action<Stream> write)
    {
        var entry = zip.CreateEntry(Folder + name, CompressionLevel.NoCompression);
        entry.LastWriteTime = NoTime;
        using var content = entry.Open();
        write(content);
    }
}

/// <summary>What the few allowed names of a checkpoint's pickle stand for.</summary>
/// <param name="check">Throws <see cref="InvalidDataException"/> if there is no such storage.</param>
internal sealed class TorchObjects(Action<TorchStorage> check) : IPickleObjects
{
    public string Needs => "A checkpoint needs only tensors, numbers, texts, lists and dictionaries";

    public bool HasBytes => false;

    public string AllowedNames => PickleGlobal.AllowedNames;

    public PickleGlobal? Find(string module, string name) => PickleGlobal.Find(module, name);

    public object? Make(PickleGlobal callee, object?[] arguments)
    {
        if (callee == PickleGlobal.OrderedDict && arguments.Length == 0)
            return new OrderedDictionary<object, object?>();
        if (callee == PickleGlobal.RebuildTensor && arguments is [TorchStorage storage, long offset, object?[] shape, object?[] strides, ..])
            return TorchTensor.Checked(storage, offset, Numbers(shape), Numbers(strides));
        if (callee == PickleGlobal.RebuildParameter && arguments is [TorchTensor tensor, ..])
            return tensor;
        throw new InvalidDataException($"it calls '{callee}' with {arguments.Length} arguments that do not fit.");
    }

    /// <summary>The storage that a persistent id names: ("storage", its class, its key in the archive, a device, its number of elements).</summary>
    /// <exception cref="InvalidDataException">The id names something else.</exception>
    public object? Find(object? id)
    {
        if (id is object?[] and ["storage", PickleGlobal global, string key, string, long count]
            && TensorType.All.FirstOrDefault(type => PickleGlobal.Storage(type) == global) is { } type && count >= 0)
        {
            var storage = new TorchStorage(key, type, count);
            check(storage);
            return storage;
        }

        throw new InvalidDataException("it refers to something outside of it that is no storage of elements.");
    }

    /// <summary>A state dictionary carries its version numbers as an attribute, which nothing here asks for.</summary>
    public bool TrySetState(object? target, object? state) => target is OrderedDictionary<object, object?> && state is OrderedDictionary<object, object?>;

    private static long[] Numbers(object?[] tuple) =>
        [.. tuple.Select(each => each as long? ?? throw new InvalidDataException("a tensor's shape or strides are no whole numbers."))];
}
