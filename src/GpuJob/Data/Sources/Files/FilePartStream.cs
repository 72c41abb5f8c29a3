namespace LznPipeline.GpuJob.Data.Sources.Files;

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
