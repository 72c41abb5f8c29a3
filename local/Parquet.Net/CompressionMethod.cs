namespace Parquet;

/// <summary>How pages are compressed. <see cref="Lzo"/>, <see cref="LZ4"/> and <see cref="Lz4Raw"/> are named by the format but not supported here.</summary>
public enum CompressionMethod
{
    None = 0,
    Snappy = 1,
    Gzip = 2,
    Lzo = 3,
    Brotli = 4,
    LZ4 = 5,
    Zstd = 6,
    Lz4Raw = 7,
}
