using System.Buffers.Binary;
using Parquet.Meta;
using Parquet.Meta.Proto;

namespace Parquet;

/// <summary>What reading and writing share: the marks at both ends of a file, and the footer.</summary>
public class ParquetActor
{
    internal const int MarkSize = 4;
    internal const int TailSize = sizeof(int) + MarkSize;   // footer length and mark

    private protected ParquetActor(Stream stream) => Stream = stream;

    internal static ReadOnlySpan<byte> Mark => "PAR1"u8;

    protected Stream Stream { get; }

    /// <exception cref="IOException">No parquet file, or one without a whole footer.</exception>
    /// <exception cref="ThriftProtocolException">The footer is corrupt.</exception>
    internal static async Task<FileMetaData> ReadFooterAsync(Stream stream, CancellationToken cancellationToken)
    {
        var length = stream.Length;
        if (length <= TailSize) throw new IOException($"Not a parquet file: it has {length} bytes, the smallest has more than {TailSize}.");

        var head = await ReadAsync(stream, 0, MarkSize, cancellationToken).ConfigureAwait(false);
        var tail = await ReadAsync(stream, length - TailSize, TailSize, cancellationToken).ConfigureAwait(false);
        if (!Mark.SequenceEqual(head)) throw new IOException($"Not a parquet file: it starts with {Convert.ToHexString(head)} instead of {Convert.ToHexString(Mark)}.");
        if (!Mark.SequenceEqual(tail.AsSpan(sizeof(int))))
            throw new IOException($"The parquet file has no footer at its end: it is cut short, encrypted, or its writing failed (a row group without all its columns; see {nameof(ParquetRowGroupWriter.CompleteValidate)}).");

        var footer = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (footer <= 0 || footer > length - TailSize - MarkSize) throw new IOException($"The parquet file states a footer of {footer} bytes, but has {length} in all. It is corrupt.");
        var bytes = await ReadAsync(stream, length - TailSize - footer, footer, cancellationToken).ConfigureAwait(false);
        var reader = new ThriftReader(bytes);
        return FileMetaData.Layout.Read(ref reader);
    }

    private static async Task<byte[]> ReadAsync(Stream stream, long offset, int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        stream.Seek(offset, SeekOrigin.Begin);
        await stream.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        return bytes;
    }
}
