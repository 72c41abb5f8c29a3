using System.IO.Compression;

namespace Parquet.Compression;

internal sealed class BrotliCodec(CompressionLevel level) : StreamCodec
{
    internal override int LargestRatio => 1 << 20;   // a copy of up to 16 MiB takes several bytes

    protected override Stream Compressor(Stream target) => new BrotliStream(target, level, leaveOpen: true);

    protected override Stream Decompressor(Stream source) => new BrotliStream(source, CompressionMode.Decompress);
}
