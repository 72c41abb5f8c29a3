using System.IO.Compression;
using Parquet.Encodings;
using Parquet.Meta;

namespace Parquet.Compression;

/// <summary>Compresses pages of one column chunk. Not for several threads at once.</summary>
internal abstract class PageCodec : IDisposable
{
    /// <summary>Most bytes that one compressed byte can stand for; a page that claims more is refused before memory is asked for.</summary>
    internal abstract int LargestRatio { get; }

    /// <returns>Null for no compression.</returns>
    internal static PageCodec? Create(CompressionCodec codec, CompressionLevel level = CompressionLevel.Optimal) => codec switch
    {
        CompressionCodec.UNCOMPRESSED => null,
        CompressionCodec.SNAPPY => new SnappyCodec(),
        CompressionCodec.GZIP => new GzipCodec(level),
        CompressionCodec.BROTLI => new BrotliCodec(level),
        CompressionCodec.ZSTD => new ZstdCodec(level),
        _ => throw new NotSupportedException($"Compression {codec} is not supported. Allowed: None, Snappy, Gzip, Brotli, Zstd."),
    };

    /// <summary>Appends the compressed form of <paramref name="source"/>.</summary>
    internal abstract void Compress(ReadOnlyMemory<byte> source, PooledBuffer output);

    /// <summary>Fills <paramref name="output"/> whole; data that give less or more are an error.</summary>
    internal void Decompress(ReadOnlyMemory<byte> source, Span<byte> output)
    {
        try
        {
            if (!TryDecompress(source, output)) throw new ParquetException($"A page of {source.Length} bytes does not decompress to the {output.Length} bytes its header states. The file is corrupt.");
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            throw new ParquetException($"A page of {source.Length} compressed bytes is corrupt: {error.Message}", error);
        }
    }

    public abstract void Dispose();

    protected abstract bool TryDecompress(ReadOnlyMemory<byte> source, Span<byte> output);
}
