namespace LznPipeline.GpuJob.Runtime;

/// <summary>Disk for what may be larger than memory.</summary>
internal static class TemporaryFile
{
    private const int BufferBytes = 1 << 20;

    /// <summary>A new file that only this process sees, and that goes when it is closed.</summary>
    internal static FileStream Create()
    {
        var path = Path.Combine(Path.GetTempPath(), $"lzn-{Guid.NewGuid():N}");
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = BufferBytes,
            Options = FileOptions.DeleteOnClose,
        });
        if (!OperatingSystem.IsWindows())
            File.Delete(path);      // an open file needs no name, and one without a name goes with its process, however that ends
        return file;
    }
}
