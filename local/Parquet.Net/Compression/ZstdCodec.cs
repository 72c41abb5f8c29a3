using System.IO.Compression;
using Parquet.Encodings;

namespace Parquet.Compression;

/// <summary>Zstandard through the system's libzstd.</summary>
internal sealed class ZstdCodec(CompressionLevel level) : PageCodec
{
    private ZstdLibrary.Compressor? _compressor;
    private ZstdLibrary.Decompressor? _decompressor;

    internal override int LargestRatio => 1 << 15;   // a block of 128 KiB takes at least four bytes

    private int Effort => level switch
    {
        CompressionLevel.NoCompression or CompressionLevel.Fastest => 1,
        CompressionLevel.SmallestSize => 19,
        _ => 3,
    };

    internal override void Compress(ReadOnlyMemory<byte> source, PooledBuffer output)
    {
        _compressor ??= ZstdLibrary.NewCompressor();
        var room = output.Reserve(ZstdLibrary.LargestSize(source.Length));
        output.Advance(ZstdLibrary.Compress(_compressor, source.Span, room, Effort));
    }

    public override void Dispose()
    {
        _compressor?.Dispose();
        _decompressor?.Dispose();
    }

    protected override bool TryDecompress(ReadOnlyMemory<byte> source, Span<byte> output)
    {
        _decompressor ??= ZstdLibrary.NewDecompressor();
        return ZstdLibrary.Decompress(_decompressor, source.Span, output) == output.Length;
    }
}
