namespace LznPipeline.GpuJob.Data.Sources.Files;

/// <summary>A file of a source.</summary>
/// <param name="Path">With forward slashes, relative to the source. An archive in the source is a folder of its name without ending.</param>
/// <param name="Container">What it lies in.</param>
/// <param name="Place">Where in its container; what the number means is the container's affair.</param>
internal sealed record SourceFile(string Path, long Length, FileContainer Container, long Place) : IImageFile
{
    /// <summary>The part of the path behind the last slash.</summary>
    internal string Name => Path[(Path.LastIndexOf('/') + 1)..];

    public byte[] Read() => Container.Read(this);

    internal bool EndsWith(params ReadOnlySpan<string> endings)
    {
        foreach (var ending in endings)
        {
            if (Path.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
