using System.Text;
using System.Text.RegularExpressions;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Data.Sources.Files;
using LznPipeline.GpuJob.Pickle;
using LznPipeline.GpuJob.Runtime;

namespace LznPipeline.GpuJob.Data.Sources.Layouts;

/// <summary>
/// CIFAR-10's Python version: pickles <c>data_batch_1</c> to <c>data_batch_5</c>, <c>test_batch</c>,
/// and <c>batches.meta</c> with the class names. Nothing that a pickle says is run.
/// </summary>
internal sealed partial class Cifar10Python : IImageLayout
{
    public Task<ImageListing?> ReadAsync(SourceTree tree, CancellationToken stop)
    {
        var batches = tree.Files.Where(file => BatchName().IsMatch(file.Name)).ToList();
        if (batches.Count == 0)
            return Task.FromResult<ImageListing?>(null);
        var meta = tree.Files.FirstOrDefault(file => file.Name == "batches.meta") ?? throw new BadInputException(
            $"{tree.Called} has batches of CIFAR-10, but not batches.meta with the names of its classes. It is part of the archive.");
        var classes = Read(meta, content => content.Get("label_names").Items().Select(name => $"{name.Value}").ToArray());

        var images = new List<SourceImage>();
        foreach (var file in batches)
        {
            stop.ThrowIfCancellationRequested();
            images.AddRange(Read(file, content => Images(file, content, classes)));
        }

        return Task.FromResult<ImageListing?>(new ImageListing(images, classes) { Layout = "CIFAR-10 as it is published" });
    }

    private static List<SourceImage> Images(SourceFile file, PickleValue content, string[] classes)
    {
        var labels = content.Get("labels").Items().Select(label => label.Number()).ToList();
        if (content.Get("data").Value is not NumpyArray { Shape: [var count, CifarImage.PixelBytes] } pixels || count != labels.Count)
            throw new InvalidDataException($"its data is no array of {labels.Count} rows, one for each label, of {CifarImage.PixelBytes} bytes.");
        return [.. labels.Select((label, record) =>
            CifarImage.Of(file, record, label, classes, pixels.Elements.AsMemory(record * CifarImage.PixelBytes, CifarImage.PixelBytes)))];
    }

    private static T Read<T>(SourceFile file, Func<PickleValue, T> read)
    {
        try
        {
            return read(new PickleValue(PickleReader.Read(file.Read(), new NumpyObjects())));
        }
        catch (InvalidDataException wrong)
        {
            throw new BadInputException($"'{file.Path}' is not a file of CIFAR-10's Python version. {wrong.Message}", wrong);
        }
    }

    [GeneratedRegex(@"^(?:data_batch_\d+|test_batch)$", RegexOptions.CultureInvariant)]
    private static partial Regex BatchName();
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
/// CIFAR-10's binary version: <c>data_batch_1.bin</c> to <c>data_batch_5.bin</c>, <c>test_batch.bin</c>, and the class names in <c>batches.meta.txt</c>.
/// </summary>
internal sealed partial class Cifar10Binary : IImageLayout
{
    private const int RecordBytes = 1 + CifarImage.PixelBytes;

    public Task<ImageListing?> ReadAsync(SourceTree tree, CancellationToken stop)
    {
        var batches = tree.Files.Where(file => BatchName().IsMatch(file.Name)).ToList();
        if (batches.Count == 0)
            return Task.FromResult<ImageListing?>(null);
        var names = tree.Files.FirstOrDefault(file => file.Name == "batches.meta.txt") ?? throw new BadInputException(
            $"{tree.Called} has batches of CIFAR-10, but not batches.meta.txt with the names of its classes. It is part of the archive.");
        var classes = Encoding.UTF8.GetString(names.Read()).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

        var images = new List<SourceImage>();
        foreach (var file in batches)
        {
            stop.ThrowIfCancellationRequested();
            if (file.Length == 0 || file.Length % RecordBytes != 0)
                throw new BadInputException($"'{file.Path}' of '{tree.Address}' has {file.Length} bytes, which is no number of records of {RecordBytes}. "
                    + "It is cut or damaged; fetch it again.");
            var bytes = file.Read();
            for (var record = 0; record < bytes.Length / RecordBytes; record++)
                images.Add(CifarImage.Of(file, record, bytes[record * RecordBytes], classes, bytes.AsMemory(record * RecordBytes + 1, CifarImage.PixelBytes)));
        }

        return Task.FromResult<ImageListing?>(new ImageListing(images, classes) { Layout = "CIFAR-10 as it is published" });
    }

    [GeneratedRegex(@"^(?:data_batch_\d+|test_batch)\.bin$", RegexOptions.CultureInvariant)]
    private static partial Regex BatchName();
}

/// <summary>An image of CIFAR-10, which has pixels and no file; it becomes a PNG, which loses nothing.</summary>
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
