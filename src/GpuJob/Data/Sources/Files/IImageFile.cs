using LznPipeline.GpuJob.Data.Pictures;

namespace LznPipeline.GpuJob.Data.Sources.Files;

/// <summary>The JPEG or PNG of an image. Any number of threads may read at once.</summary>
internal interface IImageFile
{
    /// <summary>Bytes of the file, or about so many.</summary>
    long Length { get; }

    /// <exception cref="BadImageException">It cannot be had.</exception>
    byte[] Read();
}
