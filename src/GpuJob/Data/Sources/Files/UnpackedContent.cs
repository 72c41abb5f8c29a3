using LznPipeline.GpuJob.Runtime;

namespace LznPipeline.GpuJob.Data.Sources.Files;

/// <summary>
/// Takes what comes out of something compressed, as long as it is in proportion to what it comes from, and the disk has room: a few bytes can be made to unpack
/// to more than any disk holds.
/// </summary>
/// <param name="file">Where it goes.</param>
/// <param name="called">Names what is unpacked in messages.</param>
/// <param name="packed">Bytes that it comes from.</param>
internal sealed class UnpackedContent(FileStream file, string called, long packed) : Stream
{
    /// <summary>Bitmaps of one colour and tables of small numbers stay below; deflate's own limit, which bombs are near, is about 1,000.</summary>
    private const long MaxRatio = 200;

    private const long AlwaysAllowed = 256L << 20;
    private const long KeptFree = 1L << 30;
    private const long Stride = 64L << 20;

    private long _looked;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position;
        set => throw new NotSupportedException();
    }

    /// <summary>Refuses what an archive itself says that it unpacks to.</summary>
    /// <exception cref="BadInputException">It is out of proportion.</exception>
    internal static void Check(string called, long packed, long unpacked)
    {
        if (unpacked > AlwaysAllowed && unpacked / MaxRatio > packed)
        {
            throw new BadInputException($"{called} unpacks to {unpacked} bytes or more, over {MaxRatio} times the {packed} that it has. "
                + "Images do not shrink so far. Unpack it where there is room, and name the folder.");
        }
    }

    /// <exception cref="BadInputException">It is out of proportion.</exception>
    /// <exception cref="IOException">The disk is nearly full.</exception>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Claim(buffer.Length);
        file.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Claim(buffer.Length);
        return file.WriteAsync(buffer, cancellationToken);
    }

    public override void Flush() => file.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Claim(int bytes)
    {
        var after = file.Position + bytes;
        Check(called, packed, after);
        if (after <= _looked)
            return;
        _looked = after + Stride;
        var free = new DriveInfo(Path.GetTempPath()).AvailableFreeSpace;
        if (free < KeptFree)
            throw new IOException($"{called} cannot be unpacked: '{Path.GetTempPath()}' has {free} bytes free, and {KeptFree} stay for others. "
                + "Make room, or name another folder in TMPDIR.");
    }
}
