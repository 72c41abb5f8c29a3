using LznPipeline.GpuJob.Runtime;
using Microsoft.Win32.SafeHandles;

namespace LznPipeline.GpuJob.Data.Sources.Files;

/// <summary>A stretch of a file on disk. Any number of threads may read at once.</summary>
/// <param name="Owner">What is disposed with the part; null when the file belongs to somebody else.</param>
internal sealed record FilePart(SafeFileHandle File, long Offset, long Length, IDisposable? Owner) : IDisposable
{
    /// <summary>A whole file.</summary>
    /// <exception cref="BadInputException">It has no length: it is empty, or a pipe or device, at which one would wait for ever.</exception>
    internal static FilePart Open(string path)
    {
        if (new FileInfo(path).Length == 0)
            throw new BadInputException($"'{path}' is empty, or no regular file. Allowed: files with content.");
        var file = System.IO.File.OpenHandle(path);
        return new FilePart(file, 0, RandomAccess.GetLength(file), file);
    }

    /// <summary>A whole file that is open. It belongs to the part.</summary>
    internal static FilePart Of(FileStream file) => new(file.SafeFileHandle, 0, file.Length, file);

    /// <summary>What is unpacked; gone from the disk when it is disposed.</summary>
    /// <param name="called">Names what is unpacked in messages.</param>
    /// <param name="packed">Bytes that it comes from.</param>
    /// <param name="write">Writes it.</param>
    /// <exception cref="BadInputException">It is out of proportion to what it comes from.</exception>
    internal static async Task<FilePart> UnpackedAsync(string called, long packed, Func<Stream, Task> write)
    {
        var file = TemporaryFile.Create();
        try
        {
            await write(new UnpackedContent(file, called, packed));
            await file.FlushAsync();
            return Of(file);
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

/// <summary>Reads a stretch of a file; any number of them may read one file at once. The file stays open.</summary>
internal sealed class FilePartStream(FilePart part) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => part.Length;

    public override long Position { get; set; }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var wanted = (int)Math.Clamp(part.Length - Position, 0, buffer.Length);
        var read = wanted == 0 ? 0 : RandomAccess.Read(part.File, buffer[..wanted], part.Offset + Position);
        Position += read;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => Position = offset + origin switch
    {
        SeekOrigin.Begin => 0,
        SeekOrigin.Current => Position,
        _ => part.Length,
    };

    public override void Flush()
    {
    }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
