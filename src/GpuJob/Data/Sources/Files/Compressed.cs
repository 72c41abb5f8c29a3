using System.IO.Compression;
using LznPipeline.GpuJob.Runtime;
using SharpCompress.Common;
using SharpCompress.Compressors.BZip2;
using SharpCompress.Compressors.Xz;
using ZstdSharp;

namespace LznPipeline.GpuJob.Data.Sources.Files;

/// <summary>A way of compressing a single file, known by its first bytes.</summary>
/// <param name="Begin">The bytes that every such file begins with.</param>
internal sealed record Compression(string Name, byte[] Begin, Func<Stream, Stream> Open)
{
    /// <summary>Bytes that tell any of them.</summary>
    internal const int BeginBytes = 6;

    private static readonly Compression[] All =
    [
        new("gzip", [0x1F, 0x8B], packed => new GZipStream(packed, CompressionMode.Decompress)),
        new("bzip2", "BZh"u8.ToArray(), packed =>
            BZip2Stream.Create(packed, SharpCompress.Compressors.CompressionMode.Decompress, decompressConcatenated: true)),
        new("xz", [0xFD, .. "7zXZ"u8, 0], packed => new XZStream(packed)),
        new("zstd", [0x28, 0xB5, 0x2F, 0xFD], packed => new DecompressionStream(packed)),
    ];

    internal static Compression? Of(ReadOnlyMemory<byte> begin) => Array.Find(All, each => begin.Span.StartsWith(each.Begin));

    /// <summary>Everything that is in the file, in a temporary one.</summary>
    /// <param name="called">Names the file in messages.</param>
    /// <exception cref="BadInputException">It is damaged.</exception>
    internal Task<FilePart> UnpackAsync(FilePart file, string called, CancellationToken stop) => FilePart.UnpackedAsync(called, file.Length, async target =>
    {
        await using var unpacked = CheckedStream.Open(() => Open(new FilePartStream(file)), called, $"{Name} file");
        await unpacked.CopyToAsync(target, stop);
    });
}

/// <summary>Reads from a library's stream; whatever it throws means that what it reads is damaged.</summary>
/// <param name="inner">Disposed with this.</param> <param name="called">Names the file in messages.</param> <param name="kind">What the file should be.</param>
internal sealed class CheckedStream(Stream inner, string called, string kind) : Stream
{
    /// <exception cref="BadInputException">It cannot even be opened.</exception>
    internal static CheckedStream Open(Func<Stream> inner, string called, string kind) => new(Damage.Named(called, kind, inner), called, kind);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Damage.Named(called, kind, () => inner.Read(buffer, offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>What a library throws at a damaged file, whatever the kind, becomes one error that names the file.</summary>
internal static class Damage
{
    /// <exception cref="BadInputException">Something was thrown.</exception>
    internal static T Named<T>(string called, string kind, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (CryptographicException locked)
        {
            throw new BadInputException($"{called} is encrypted: {locked.Message} Unpack it with its password, and name the folder.", locked);
        }
        catch (Exception broken)
        {
            throw new BadInputException($"{called} is not a whole {kind}: {broken.Message}", broken);
        }
    }
}
