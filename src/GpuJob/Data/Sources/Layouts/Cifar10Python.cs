using System.Text.RegularExpressions;
using LznPipeline.GpuJob.Data.Sources.Files;
using LznPipeline.GpuJob.Pickle;
using LznPipeline.GpuJob.Runtime;

namespace LznPipeline.GpuJob.Data.Sources.Layouts;

/// <summary>CIFAR-10's Python version: pickles <c>data_batch_1</c> to <c>data_batch_5</c>, <c>test_batch</c>, and <c>batches.meta</c> with the class names. Nothing that a pickle says is run.</summary>
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

        return Task.FromResult<ImageListing?>(new ImageListing(images, classes));
    }

    private static List<SourceImage> Images(SourceFile file, PickleValue content, string[] classes)
    {
        var labels = content.Get("labels").Items().Select(label => label.Number()).ToList();
        if (content.Get("data").Value is not NumpyArray { Shape: [var count, CifarImage.PixelBytes] } pixels || count != labels.Count)
            throw new InvalidDataException($"its data is no array of {labels.Count} rows, one for each label, of {CifarImage.PixelBytes} bytes.");
        return [.. labels.Select((label, record) => CifarImage.Of(file, record, label, classes, pixels.Elements.AsMemory(record * CifarImage.PixelBytes, CifarImage.PixelBytes)))];
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
