using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Data.Sources.Files;
using LznPipeline.GpuJob.Runtime;

namespace LznPipeline.GpuJob.Data.Sources.Layouts;

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
            throw new BadInputException($"Image {record} of '{file.Path}' has the label {label}, but there are {classes.Count} class names. The files do not belong together, or are damaged.");
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
