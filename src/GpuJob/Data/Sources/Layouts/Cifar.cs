using System.Text;
using System.Text.RegularExpressions;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Data.Sources.Files;
using LznPipeline.GpuJob.Pickle;
using LznPipeline.GpuJob.Runtime;

namespace LznPipeline.GpuJob.Data.Sources.Layouts;

/// <summary>
/// The Python version of CIFAR-10 and CIFAR-100: pickles of images, <c>data_batch_1</c> to <c>data_batch_5</c> and <c>test_batch</c>,
/// or <c>train</c> and <c>test</c>, and one with the names of the classes. CIFAR-100 is read by its 100 fine labels. Nothing that a pickle says is run.
/// </summary>
internal sealed partial class CifarPython : IImageLayout
{
    private static readonly Version[] Versions =
    [
        new("CIFAR-10", Batch10(), "batches.meta", "label_names", "labels"),
        new("CIFAR-100", Batch100(), "meta", "fine_label_names", "fine_labels"),
    ];

    public Task<ImageListing?> ReadAsync(SourceTree tree, CancellationToken stop) =>
        Task.FromResult(CifarFiles.Find(tree, Versions) is var (version, files) ? Listing(version, files, stop) : null);

    private static ImageListing Listing(Version version, CifarFiles files, CancellationToken stop)
    {
        var classes = Read(version, files.Names, content => content.Get(version.NamesKey).Items().Select(name => $"{name.Value}").ToArray());
        var images = new List<SourceImage>();
        foreach (var file in files.Batches)
        {
            stop.ThrowIfCancellationRequested();
            images.AddRange(Read(version, file, content => Images(file, content, content.Get(version.LabelsKey), classes)));
        }

        return files.Listing(version.Name, images, classes);
    }

    private static List<SourceImage> Images(SourceFile file, PickleValue content, PickleValue key, string[] classes)
    {
        var labels = key.Items().Select(label => label.Number()).ToList();
        if (content.Get("data").Value is not NumpyArray { Shape: [var count, CifarImage.PixelBytes] } pixels || count != labels.Count)
            throw new InvalidDataException($"its data is no array of {labels.Count} rows, one for each label, of {CifarImage.PixelBytes} bytes.");
        return [.. labels.Select((label, record) =>
            CifarImage.Of(file, record, label, classes, pixels.Elements.AsMemory(record * CifarImage.PixelBytes, CifarImage.PixelBytes)))];
    }

    private static T Read<T>(Version version, SourceFile file, Func<PickleValue, T> read)
    {
        try
        {
            return read(new PickleValue(PickleReader.Read(file.Read(), new NumpyObjects())));
        }
        catch (InvalidDataException wrong)
        {
            throw new BadInputException($"'{file.Path}' is not a file of the Python version of {version.Name}. {wrong.Message}", wrong);
        }
    }

    [GeneratedRegex(@"^(?:data_batch_\d+|test_batch)$", RegexOptions.CultureInvariant)]
    private static partial Regex Batch10();

    [GeneratedRegex(@"^(?:train|test)$", RegexOptions.CultureInvariant)]
    private static partial Regex Batch100();

    /// <param name="NamesKey">Of the names of the classes in their pickle.</param>
    /// <param name="LabelsKey">Of the labels in a batch.</param>
    private sealed record Version(string Name, Regex Batch, string Meta, string NamesKey, string LabelsKey) : CifarVersion(Name, Batch, Meta);
}

/// <summary>What the names in a pickle of NumPy arrays of bytes stand for.</summary>
internal sealed class NumpyObjects : IPickleObjects
{
    private static readonly PickleGlobal[] Reconstruct = [new("numpy.core.multiarray", "_reconstruct"), new("numpy._core.multiarray", "_reconstruct")];
    private static readonly PickleGlobal ArrayClass = new("numpy", "ndarray");
    private static readonly PickleGlobal TypeClass = new("numpy", "dtype");

    public string Needs => "A batch of images needs only arrays of bytes, numbers, texts, lists and dictionaries";

    public bool HasBytes => true;

    public string AllowedNames => string.Join(", ", [.. Reconstruct, ArrayClass, TypeClass]);

    public PickleGlobal? Find(string module, string name) =>
        new PickleGlobal(module, name) is var global && (global == ArrayClass || global == TypeClass || Reconstruct.Contains(global)) ? global : null;

    public object? Make(PickleGlobal callee, object?[] arguments) => arguments switch
    {
        [PickleGlobal made, ..] when Reconstruct.Contains(callee) && made == ArrayClass => new NumpyArray(),
        ["u1" or "|u1", ..] when callee == TypeClass => NumpyArray.Bytes,
        [string type, ..] when callee == TypeClass => throw new InvalidDataException($"an array has elements of type '{type}'; images have 'u1'."),
        _ => throw new InvalidDataException($"it calls '{callee}' with {arguments.Length} arguments that do not fit."),
    };

    public object? Find(object? id) => throw new InvalidDataException("it refers to something outside of it.");

    /// <summary>An array's state is (version, shape, type, whether columns lie together, elements).</summary>
    public bool TrySetState(object? target, object? state)
    {
        if (target is NumpyArray.ElementType)
            return true;        // byte order and the like, which bytes have not
        return target is NumpyArray array && state is object?[] and [_, object?[] shape, NumpyArray.ElementType, bool byColumns, string elements]
            && array.TryFill([.. shape.OfType<long>()], byColumns, Encoding.Latin1.GetBytes(elements));
    }
}

/// <summary>An array of bytes.</summary>
internal sealed class NumpyArray
{
    internal static readonly ElementType Bytes = new();

    internal long[] Shape { get; private set; } = [];

    /// <summary>Row by row.</summary>
    internal byte[] Elements { get; private set; } = [];

    /// <returns>False if the elements are not as many as the shape says.</returns>
    internal bool TryFill(long[] shape, bool byColumns, byte[] elements)
    {
        if (shape.Aggregate(1.0, (product, length) => product * length) != elements.Length || byColumns && shape.Length != 2)
            return false;
        (Shape, Elements) = (shape, byColumns ? Transposed(elements, (int)shape[0], (int)shape[1]) : elements);
        return true;
    }

    private static byte[] Transposed(byte[] columns, int height, int width)
    {
        var rows = new byte[columns.Length];
        for (var index = 0; index < rows.Length; index++)
            rows[index] = columns[index % width * height + index / width];
        return rows;
    }

    internal sealed class ElementType;
}

/// <summary>
/// The binary version of CIFAR-10 and CIFAR-100: records of a label and an image in <c>data_batch_1.bin</c> to <c>data_batch_5.bin</c> and
/// <c>test_batch.bin</c>, or of a coarse label, a fine one, which is read, and an image in <c>train.bin</c> and <c>test.bin</c>;
/// and a text with the names of the classes.
/// </summary>
internal sealed partial class CifarBinary : IImageLayout
{
    private static readonly Version[] Versions = [new("CIFAR-10", Batch10(), "batches.meta.txt", 1), new("CIFAR-100", Batch100(), "fine_label_names.txt", 2)];

    public Task<ImageListing?> ReadAsync(SourceTree tree, CancellationToken stop) =>
        Task.FromResult(CifarFiles.Find(tree, Versions) is var (version, files) ? Listing(version, files, tree, stop) : null);

    private static ImageListing Listing(Version version, CifarFiles files, SourceTree tree, CancellationToken stop)
    {
        var classes = Encoding.UTF8.GetString(files.Names.Read()).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var images = new List<SourceImage>();
        var recordBytes = version.LabelBytes + CifarImage.PixelBytes;
        foreach (var file in files.Batches)
        {
            stop.ThrowIfCancellationRequested();
            if (file.Length == 0 || file.Length % recordBytes != 0)
            {
                throw new BadInputException($"'{file.Path}' of '{tree.Address}' has {file.Length} bytes, which is no number of records of {recordBytes}. "
                    + "It is cut or damaged; fetch it again.");
            }

            var bytes = file.Read();
            for (var (record, at) = (0, version.LabelBytes); at < bytes.Length; record++, at += recordBytes)
                images.Add(CifarImage.Of(file, record, bytes[at - 1], classes, bytes.AsMemory(at, CifarImage.PixelBytes)));
        }

        return files.Listing(version.Name, images, classes);
    }

    [GeneratedRegex(@"^(?:data_batch_\d+|test_batch)\.bin$", RegexOptions.CultureInvariant)]
    private static partial Regex Batch10();

    [GeneratedRegex(@"^(?:train|test)\.bin$", RegexOptions.CultureInvariant)]
    private static partial Regex Batch100();

    /// <param name="LabelBytes">Before each image; the last is the label.</param>
    private sealed record Version(string Name, Regex Batch, string Meta, int LabelBytes) : CifarVersion(Name, Batch, Meta);
}

/// <summary>What one of the two sets calls its files.</summary>
/// <param name="Name">Of the set.</param>
/// <param name="Batch">Names of the files with images.</param>
/// <param name="Meta">Name of the file with the names of the classes.</param>
internal abstract record CifarVersion(string Name, Regex Batch, string Meta);

/// <summary>The files of one of the two sets.</summary>
/// <param name="Names">With the names of the classes.</param>
internal sealed record CifarFiles(IReadOnlyList<SourceFile> Batches, SourceFile Names)
{
    /// <summary>Finds the first version whose files are there.</summary>
    /// <exception cref="BadInputException">Batches with a name that only CIFAR-10 has come without the names of its classes.</exception>
    internal static (T Version, CifarFiles Files)? Find<T>(SourceTree tree, IEnumerable<T> versions)
        where T : CifarVersion
    {
        foreach (var version in versions)
        {
            var batches = tree.Files.Where(file => version.Batch.IsMatch(file.Name)).ToList();
            if (batches.Count == 0)
                continue;
            if (tree.Files.FirstOrDefault(file => file.Name == version.Meta) is { } names)
                return (version, new CifarFiles(batches, names));
            if (version.Name == "CIFAR-10")     // a file called train or train.bin may be anything
            {
                throw new BadInputException(
                    $"{tree.Called} has batches of CIFAR-10, but not {version.Meta} with the names of its classes. It is part of the archive.");
            }

        }

        return null;
    }

    internal ImageListing Listing(string name, IReadOnlyList<SourceImage> images, IReadOnlyList<string> classes) =>
        new(images, classes) { Layout = $"{name} as it is published", IsUsed = file => file == Names || Batches.Contains(file) };
}

/// <summary>An image of CIFAR, which has pixels and no file; it becomes a PNG, which loses nothing.</summary>
/// <param name="planes">R, G, B of 32 x 32 bytes each.</param>
internal sealed class CifarImage(ReadOnlyMemory<byte> planes) : IImageFile
{
    internal const int PixelBytes = Picture.Channels * Side * Side;

    private const int Side = 32;

    public long Length => PixelBytes;

    /// <param name="file">The batch that it lies in; tells the split.</param> <param name="record">Its number in the batch.</param>
    /// <exception cref="BadInputException">There is no such label.</exception>
    internal static SourceImage Of(SourceFile file, int record, long label, IReadOnlyList<string> classes, ReadOnlyMemory<byte> planes)
    {
        if (label < 0 || label >= classes.Count)
            throw new BadInputException($"Image {record} of '{file.Path}' has the label {label}, but there are {classes.Count} class names. "
                + "The files do not belong together, or are damaged.");
        var (split, batch) = (file.Name.StartsWith("test", StringComparison.Ordinal) ? SplitNames.Test : SplitNames.Train, file.Name.Split('.')[0]);
        return new SourceImage($"{split}/{classes[(int)label]}/{batch}-{record:D5}.png", split, classes[(int)label], new CifarImage(planes));
    }

    public byte[] Read()
    {
        var picture = Picture.Blank(Side, Side);
        for (var index = 0; index < PixelBytes; index++)
            picture.Pixels[index] = planes.Span[index % Picture.Channels * Side * Side + index / Picture.Channels];
        return Png.Encode(picture);
    }
}
