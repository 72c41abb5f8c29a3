using Parquet.Encodings;

namespace Parquet.Compression;

internal sealed class SnappyCodec : PageCodec
{
    private readonly SnappyCompressor _compressor = new();

    internal override int LargestRatio => 22;   // a copy of 64 bytes takes three

    internal override void Compress(ReadOnlyMemory<byte> source, PooledBuffer output) =>
        output.Advance(_compressor.Compress(source.Span, output.Reserve(SnappyCompressor.LargestSize(source.Length))));

    public override void Dispose() { }

    protected override bool TryDecompress(ReadOnlyMemory<byte> source, Span<byte> output) => SnappyDecompressor.TryDecompress(source.Span, output);
}
