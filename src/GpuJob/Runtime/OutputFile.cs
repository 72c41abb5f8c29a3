namespace LznPipeline.GpuJob.Runtime;

/// <summary>A file that is there as a whole or not at all: it is written aside, then renamed.</summary>
internal sealed class OutputFile : IDisposable
{
    private readonly string _path;
    private readonly string _aside;
    private readonly bool _replace;
    private readonly FileStream _stream;

    private OutputFile(string path, bool replace)
    {
        (_path, _aside, _replace) = (path, $"{path}.{Guid.NewGuid():N}.part", replace);
        _stream = File.Create(_aside);
    }

    internal Stream Stream => _stream;

    /// <param name="replace">Whether a file of that name may go.</param>
    /// <exception cref="BadInputException">There is one, and it may not; or there is no folder for it.</exception>
    internal static OutputFile Create(string path, bool replace)
    {
        if (Directory.Exists(path))
            throw new BadInputException($"'{path}' is a folder. Name a file with --output.");
        ThrowUnlessFree(path, replace);
        return new OutputFile(path, replace);
    }

    /// <inheritdoc cref="Create"/>
    internal static void Write(string path, bool replace, Action<Stream> write)
    {
        using var file = Create(path, replace);
        write(file.Stream);
        file.Commit();
    }

    /// <exception cref="BadInputException">Something is there and may not go; or there is no folder for it.</exception>
    internal static void ThrowUnlessFree(string path, bool replace)
    {
        if (!replace && Path.Exists(path))
            throw new BadInputException($"'{path}' is there already. Name another one with --output, or replace it with --force.");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new BadInputException(
                $"The folder '{folder}', in which '{path}' shall be, is not there. Make it first, or name another place with --output.");
    }

    /// <summary>Puts the file in its place.</summary>
    internal void Commit()
    {
        _stream.Flush(flushToDisk: true);
        _stream.Dispose();
        File.Move(_aside, _path, _replace);
    }

    /// <summary>Without <see cref="Commit"/> nothing is left.</summary>
    public void Dispose()
    {
        _stream.Dispose();
        File.Delete(_aside);
    }
}

/// <summary>Disk for what may be larger than memory.</summary>
internal static class TemporaryFile
{
    private const int BufferBytes = 1 << 20;

    /// <summary>Content that can be read in any order: itself, if it is a file of this machine, else a copy, which goes when it is closed.</summary>
    internal static async Task<FileStream> HoldingAsync(Stream content, CancellationToken stop)
    {
        if (content is FileStream file)
            return file;
        await using var read = content;
        var copy = Create();
        try
        {
            await content.CopyToAsync(copy, stop);
            copy.Position = 0;
            return copy;
        }
        catch
        {
            await copy.DisposeAsync();
            throw;
        }
    }

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
