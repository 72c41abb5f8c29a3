using LznPipeline.GpuJob.Runtime;

namespace LznPipeline.GpuJob.Data.Sources.Layouts;

/// <summary>A way in which images and their classes lie in files.</summary>
internal interface IImageLayout
{
    /// <returns>The images; null when the files are not laid out so.</returns>
    /// <exception cref="BadInputException">They are, but something is missing or damaged.</exception>
    Task<ImageListing?> ReadAsync(SourceTree tree, CancellationToken stop);
}
