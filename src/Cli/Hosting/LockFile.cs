namespace LznPipeline.Cli.Hosting;

/// <summary>An exclusively opened file as a lock between processes: the system frees it even when its owner is killed.</summary>
internal static class LockFile
{
    internal static async Task<FileStream> TakeAsync(string path, CancellationToken stop)
    {
        while (true)
        {
            if (TryTake(path) is { } taken)
                return taken;
            await Task.Delay(TimeSpan.FromMilliseconds(200), stop);
        }
    }

    /// <summary>The lock, or null when another process has it.</summary>
    internal static FileStream? TryTake(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);    // below .lzn, so it has a folder
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
