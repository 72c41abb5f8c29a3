using System.IO.Compression;

namespace Parquet.Compression;

internal sealed class GzipCodec(CompressionLevel level) : StreamCodec
{
    internal override int LargestRatio => 1032;   // deflate: 258 bytes from 2 bits

    protected override Stream Compressor(Stream target) => new GZipStream(target, level, leaveOpen: true);

    protected override Stream Decompressor(Stream source) => new GZipStream(source, CompressionMode.Decompress);
}
