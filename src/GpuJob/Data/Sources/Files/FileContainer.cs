using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Runtime;

namespace LznPipeline.GpuJob.Data.Sources.Files;

/// <summary>A folder or an archive: knows its files, and reads any of them at any time, on any number of threads.</summary>
internal abstract class FileContainer : IDisposable
{
    /// <summary>Its files in no order to rely on. Links, devices and the like are none.</summary>
    /// <param name="prefix">Stands before the path of each; empty, or with a slash at its end.</param>
    /// <exception cref="BadInputException">It is damaged.</exception>
    internal abstract IEnumerable<SourceFile> List(string prefix);

    /// <summary>How many links lie in it, none of which is followed; known once its files are listed.</summary>
    internal virtual int Links => 0;

    /// <summary>The content of a file that fits into memory.</summary>
    /// <exception cref="BadImageException">It cannot be had.</exception>
    internal abstract byte[] Read(SourceFile file);

    /// <summary>A file of any length, for an archive in this one.</summary>
    internal abstract Task<FilePart> PartAsync(SourceFile file);

    public abstract void Dispose();
}
