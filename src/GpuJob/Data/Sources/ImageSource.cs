using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.Shared.Storage;

namespace LznPipeline.GpuJob.Data.Sources;

/// <summary>A place of images: knows all of them by name, and reads one at a time.</summary>
internal abstract class ImageSource : IDisposable
{
    /// <summary>Longest image file, bytes.</summary>
    private const long MaxFileBytes = 64L << 20;

    /// <summary>Opens a folder, a tar file, or <c>blob:NAME</c>, a tar in the container.</summary>
    /// <exception cref="BadInputException">There is nothing there.</exception>
    internal static async Task<ImageSource> OpenAsync(string address, ArtifactStore store, CancellationToken stop)
    {
        if (SourceAddress.BlobOf(address) is { } blob)
            return await FromBlobAsync(blob, store, stop);
        if (Directory.Exists(address))
            return new FolderSource(address);
        if (!File.Exists(address))
            throw new BadInputException($"dataset.source '{address}' is neither a folder nor a file on the machine that prepares the data. Correct it, or give blob:NAME for a tar in the container.");
        return new TarSource(File.OpenRead(address), address);
    }

    /// <summary>Every image of the source, in no order to rely on.</summary>
    internal abstract IReadOnlyList<SourceImage> List();

    /// <summary>The bytes of one image.</summary>
    /// <exception cref="BadImageException">They cannot be had.</exception>
    internal byte[] Read(SourceImage image)
    {
        if (image.Path.Split('/').Contains(".."))
            throw new BadImageException("its path leads out of the source");
        if (image.Length > MaxFileBytes)
            throw new BadImageException($"it has {image.Length} bytes; at most {MaxFileBytes} are allowed");
        return ReadBytes(image);
    }

    protected abstract byte[] ReadBytes(SourceImage image);

    public abstract void Dispose();

    /// <summary>A tar is read out of order, so one from storage is first brought here.</summary>
    private static async Task<ImageSource> FromBlobAsync(string name, ArtifactStore store, CancellationToken stop)
    {
        var path = Path.GetTempFileName();
        try
        {
            await using var blob = await store.OpenReadAsync(name, stop);
            await using (var file = File.Create(path))
                await blob.CopyToAsync(file, stop);
            return new TarSource(new FileStream(path, new FileStreamOptions { Options = FileOptions.DeleteOnClose }), SourceAddress.BlobPrefix + name);
        }
        catch (FileNotFoundException missing)
        {
            throw new BadInputException($"dataset.source '{SourceAddress.BlobPrefix}{name}' is not in the container. Upload it, or correct the name.", missing);
        }
    }
}
