namespace LznPipeline.GpuJob.Jobs;

/// <summary>Disk for what may be larger than memory.</summary>
internal static class TemporaryFile
{
    private const int BufferBytes = 1 << 20;

    /// <summary>A new file that only this process sees, and that goes when it is closed.</summary>
    internal static FileStream Create() => new(Path.Combine(Path.GetTempPath(), $"lzn-{Guid.NewGuid():N}"), new FileStreamOptions
    {
        Mode = FileMode.CreateNew,
        Access = FileAccess.ReadWrite,
        Share = FileShare.None,
        BufferSize = BufferBytes,
        Options = FileOptions.DeleteOnClose,
    });
}
