using System.Formats.Tar;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Jobs;

namespace LznPipeline.GpuJob.Data.Sources;

/// <summary>A tar of image files. Nothing is ever unpacked to a path that the tar names.</summary>
/// <param name="file">Seekable; disposed with this.</param>
/// <param name="address">Names the tar in messages.</param>
internal sealed class TarSource(FileStream file, string address) : ImageSource
{
    internal override IReadOnlyList<SourceImage> List()
    {
        var images = new List<SourceImage>();
        try
        {
            file.Position = 0;
            using var reader = new TarReader(file, leaveOpen: true);
            while (reader.GetNextEntry() is { } entry)
            {
                // Links, devices and the like are no images, whatever they are called.
                if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile && SourceImage.Parse(entry.Name, entry.DataOffset, entry.Length) is { } image)
                    images.Add(image);
            }
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException or FormatException or NotSupportedException or OverflowException)
        {
            throw new BadInputException($"dataset.source '{address}' is not a whole tar archive: {broken.Message}", broken);
        }

        return images;
    }

    protected override byte[] ReadBytes(SourceImage image)
    {
        if (image.Offset + image.Length > file.Length)
            throw new BadImageException("the archive ends in the middle of it");
        var bytes = new byte[image.Length];
        file.Position = image.Offset;
        file.ReadExactly(bytes);
        return bytes;
    }

    public override void Dispose() => file.Dispose();
}
