using LznPipeline.GpuJob.Runtime;
using Microsoft.Win32.SafeHandles;

namespace LznPipeline.GpuJob.Data.Sources.Files;

/// <summary>A stretch of a file on disk. Any number of threads may read at once.</summary>
/// <param name="Owner">What is disposed with the part; null when the file belongs to somebody else.</param>
internal sealed record FilePart(SafeFileHandle File, long Offset, long Length, IDisposable? Owner) : IDisposable
{
    /// <summary>A whole file.</summary>
    internal static FilePart Open(string path)
    {
        var file = System.IO.File.OpenHandle(path);
        return new FilePart(file, 0, RandomAccess.GetLength(file), file);
    }

    /// <summary>Everything that <paramref name="write"/> wrote; gone from the disk when it is disposed.</summary>
    internal static async Task<FilePart> TemporaryAsync(Func<Stream, Task> write)
    {
        var file = TemporaryFile.Create();
        try
        {
            await write(file);
            await file.FlushAsync();
            return new FilePart(file.SafeFileHandle, 0, file.Length, file);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    /// <exception cref="EndOfStreamException">The file ends before.</exception>
    internal byte[] Bytes(long offset, long length)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(checked((int)length));
        for (int done = 0, read; done < bytes.Length; done += read)
        {
            read = RandomAccess.Read(File, bytes.AsSpan(done), Offset + offset + done);
            if (read == 0)
                throw new EndOfStreamException();
        }

        return bytes;
    }

    /// <summary>A stretch of it, which belongs to it.</summary>
    internal FilePart Within(long offset, long length) => new(File, Offset + offset, length, Owner: null);

    public void Dispose() => Owner?.Dispose();
}
