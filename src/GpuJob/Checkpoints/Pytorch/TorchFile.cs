using System.IO.Compression;
using System.Text;
using LznPipeline.GpuJob.Pickle;
using LznPipeline.GpuJob.Tensors;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Checkpoints.Pytorch;

/// <summary>
/// What <c>torch.save</c> writes: a zip of stored entries, <c>NAME/data.pkl</c> with the objects and
/// <c>NAME/data/KEY</c> with the elements of each storage, little-endian.
/// </summary>
/// <remarks>
/// The file may come from anywhere. Nothing of it is run (<see cref="PickleReader"/>), no more of it is read than it holds,
/// and a tensor's elements only when they are asked for.
/// </remarks>
internal sealed class TorchFile : IDisposable
{
    private const string PickleEntry = "data.pkl";

    /// <summary>The pickle only describes tensors; that of a thousand parameters has half a megabyte.</summary>
    private const long MaxPickleBytes = 1 << 26;

    private readonly ZipArchive _zip;
    private readonly string _name;
    private readonly string _folder;

    /// <param name="folder">Within the archive, with a slash at its end.</param>
    private TorchFile(ZipArchive zip, string name, string folder) => (_zip, _name, _folder) = (zip, name, folder);

    /// <summary>Where it came from, for messages.</summary>
    internal string Name => _name;

    /// <summary>The object that was saved.</summary>
    internal PickleValue Root { get; private set; } = new(null);

    /// <summary>Opens a file on disk.</summary>
    /// <inheritdoc cref="Read"/>
    internal static TorchFile Open(string path) => Read(File.OpenRead(path), path);

    /// <param name="file">Seekable; elements are read from it later. It is closed with the result, or at once if it is refused.</param>
    /// <param name="name">Names it in messages.</param>
    /// <exception cref="InvalidDataException">The file is cut, damaged, something else, or names what no checkpoint needs.</exception>
    internal static TorchFile Read(Stream file, string name)
    {
        ZipArchive? zip = null;
        try
        {
            CheckKind(FileKinds.Of(file), name);
            zip = new ZipArchive(file, ZipArchiveMode.Read);
            CheckSizes(zip, file.Length);
            var torch = new TorchFile(zip, name, FolderOf(zip));
            torch.CheckByteOrder();
            torch.Root = new PickleValue(PickleReader.Read(torch.Pickle(), new TorchObjects(torch.CheckStorage)));
            return torch;
        }
        catch (Exception wrong) when (wrong is InvalidDataException or EndOfStreamException)
        {
            zip?.Dispose();
            file.Dispose();
            throw new InvalidDataException($"'{name}' is not a checkpoint that this program reads. {wrong.Message}", wrong);
        }
    }

    /// <summary>A copy of a tensor, contiguous, on the CPU.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    internal Tensor Tensor(TorchTensor tensor)
    {
        using var scope = NewDisposeScope();
        try
        {
            using var elements = EntryOf(tensor.Storage).Open();
            Skip(elements, tensor.Offset * tensor.Storage.Type.Size);
            var span = empty(tensor.Span, dtype: tensor.Storage.Type.Type);
            TensorBytes.Read(elements, span);
            var shaped = tensor.IsContiguous ? span.view(tensor.Shape) : span.as_strided(tensor.Shape, tensor.Strides).contiguous();
            return shaped.MoveToOuterDisposeScope();
        }
        catch (Exception wrong) when (wrong is InvalidDataException or EndOfStreamException)
        {
            throw new InvalidDataException($"'{_name}' is damaged: its storage '{tensor.Storage.Key}' cannot be read. {wrong.Message}", wrong);
        }
    }

    /// <summary>A number, also one that was saved as a tensor.</summary>
    /// <exception cref="InvalidDataException">It is something else, or the file is damaged.</exception>
    internal double Fraction(PickleValue value)
    {
        if (value.Value is not TorchTensor { Count: 1 } tensor)
            return value.Fraction();
        using var read = Tensor(tensor);
        using var number = read.to_type(ScalarType.Float64);
        return number.item<double>();
    }

    /// <summary>A tensor to be written elsewhere.</summary>
    internal TensorSource Source(TorchTensor tensor) => new(tensor.Storage.Type, tensor.Shape, () => Tensor(tensor));

    public void Dispose() => _zip.Dispose();

    private static void CheckKind(FileKind kind, string name)
    {
        var problem = kind switch
        {
            FileKind.Zip => null,
            FileKind.Safetensors => "It is a safetensors file. Such files need no import.",
            FileKind.LegacyTorch =>
                $"It has the form that PyTorch wrote before 1.6. Load it where you trust it, and save it anew: torch.save(torch.load('{name}'), 'new.pt').",
            _ => "It is no zip archive, as torch.save writes since PyTorch 1.6.",
        };
        if (problem is not null)
            throw new InvalidDataException(problem);
    }

    /// <summary>PyTorch stores and never compresses, so an archive can hold no more than its own length.</summary>
    private static void CheckSizes(ZipArchive zip, long fileBytes)
    {
        var left = fileBytes;
        foreach (var entry in zip.Entries)
        {
            left -= entry.Length;
            if (entry.Length != entry.CompressedLength || entry.Length < 0 || left < 0)
                throw new InvalidDataException(
                    $"Its entry '{entry.FullName}' of {entry.Length} bytes is compressed or overlaps others, which torch.save does not do.");
        }
    }

    private static string FolderOf(ZipArchive zip)
    {
        var pickles = zip.Entries.Where(entry => entry.Name == PickleEntry && entry.FullName.Count(letter => letter == '/') == 1).ToList();
        if (pickles is not [var pickle])
            throw new InvalidDataException($"It is a zip archive with {pickles.Count} entries NAME/{PickleEntry}; torch.save writes one.");
        var folder = pickle.FullName[..^PickleEntry.Length];
        return zip.GetEntry(folder + "constants.pkl") is null
            ? folder
            : throw new InvalidDataException(
                "It is a TorchScript module, which is a program. A checkpoint holds the state dictionaries that torch.save writes.");
    }

    private void CheckByteOrder()
    {
        if (_zip.GetEntry(_folder + "byteorder") is { } entry && Encoding.ASCII.GetString(Content(entry)) is var order && order != "little")
            throw new InvalidDataException($"Its byte order is '{order}'; this program reads 'little'.");
    }

    private byte[] Pickle() => Content(_zip.GetEntry(_folder + PickleEntry)!);      // its folder was found by it

    private static byte[] Content(ZipArchiveEntry entry)
    {
        if (entry.Length > MaxPickleBytes)
            throw new InvalidDataException($"Its entry '{entry.FullName}' has {entry.Length} bytes, allowed are {MaxPickleBytes}.");
        var content = new byte[entry.Length];
        using var stream = entry.Open();
        stream.ReadExactly(content);
        return content;
    }

    private void CheckStorage(TorchStorage storage)
    {
        var (given, needed) = (EntryOf(storage).Length, (Int128)storage.Count * storage.Type.Size);
        if (given != needed)
            throw new InvalidDataException($"storage '{storage.Key}' has {given} bytes; {storage.Count} elements of {storage.Type.Storage} need {needed}.");
    }

    private ZipArchiveEntry EntryOf(TorchStorage storage) =>
        _zip.GetEntry($"{_folder}data/{storage.Key}") ?? throw new InvalidDataException($"the archive lacks storage '{storage.Key}'.");

    private static void Skip(Stream elements, long bytes)
    {
        var nowhere = new byte[Math.Min(bytes, 1 << 16)];
        for (; bytes > 0; bytes -= nowhere.Length)
            elements.ReadExactly(nowhere, 0, (int)Math.Min(bytes, nowhere.Length));
    }
}
