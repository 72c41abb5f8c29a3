namespace Parquet.Columns;

/// <summary>The stream being written, with the position that footers refer to, also where the stream cannot tell it.</summary>
internal sealed class ParquetOutput(Stream stream, long position)
{
    internal long Position { get; private set; } = position;

    internal async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        Position += bytes.Length;
    }
}
