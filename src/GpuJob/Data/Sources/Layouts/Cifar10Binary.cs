using System.Text;
using System.Text.RegularExpressions;
using LznPipeline.GpuJob.Runtime;

namespace LznPipeline.GpuJob.Data.Sources.Layouts;

/// <summary>CIFAR-10's binary version: <c>data_batch_1.bin</c> to <c>data_batch_5.bin</c>, <c>test_batch.bin</c>, and the class names in <c>batches.meta.txt</c>.</summary>
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
                throw new BadInputException($"'{file.Path}' of '{tree.Address}' has {file.Length} bytes, which is no number of records of {RecordBytes}. It is cut or damaged; fetch it again.");
            var bytes = file.Read();
            for (var record = 0; record < bytes.Length / RecordBytes; record++)
                images.Add(CifarImage.Of(file, record, bytes[record * RecordBytes], classes, bytes.AsMemory(record * RecordBytes + 1, CifarImage.PixelBytes)));
        }

        return Task.FromResult<ImageListing?>(new ImageListing(images, classes));
    }

    [GeneratedRegex(@"^(?:data_batch_\d+|test_batch)\.bin$", RegexOptions.CultureInvariant)]
    private static partial Regex BatchName();
}
