using Parquet.Data;
using Parquet.Encodings;
using Parquet.Meta;
using Parquet.Schema;

namespace Parquet.Columns;

/// <summary>Turns values of <typeparamref name="T"/> into the bytes of a page and back.</summary>
internal abstract class ColumnType<T> : ColumnType where T : struct
{
    private const int LongestStatistic = 128;   // longer texts and blobs would bloat the footer

    internal abstract Encoding EncodingFor(EncodingHint hint);

    /// <summary>How many of the values fit into so many bytes, by estimate; at least one if there is one.</summary>
    internal abstract int CountWithin(ReadOnlySpan<T> values, int bytes);

    internal abstract void Encode(ReadOnlySpan<T> values, Encoding encoding, PooledBuffer output);

    /// <summary>Fills <paramref name="values"/>, which keep nothing of <paramref name="page"/>.</summary>
    internal abstract void Decode(ReadOnlyMemory<byte> page, Encoding encoding, Span<T> values);

    /// <summary>Gathers minimum and maximum in the format's order; null where the format defines none.</summary>
    internal abstract ValueRange<T>? NewRange();

    /// <returns>Null where the value is too long to be worth its place.</returns>
    internal byte[]? ToStatistic(T value)
    {
        using var plain = new PooledBuffer();
        Encode([value], Encoding.PLAIN, plain);
        var bytes = plain.WrittenSpan[(Physical == Meta.Type.BYTE_ARRAY ? sizeof(int) : 0)..];
        return bytes.Length <= LongestStatistic ? bytes.ToArray() : null;
    }

    internal override object? FromStatistic(byte[]? stored)
    {
        if (stored is null) return null;
        using var plain = new PooledBuffer();
        if (Physical == Meta.Type.BYTE_ARRAY) plain.WriteInt32(stored.Length);
        plain.Write(stored);
        Span<T> value = [default];
        Decode(plain.WrittenMemory, Encoding.PLAIN, value);
        return ToObject(value[0]);
    }

    internal override async ValueTask<RawColumnData> ReadAsync(ParquetRowGroupReader group, DataField field, CancellationToken cancellationToken) =>
        await group.ReadRawColumnDataAsync<T>(field, cancellationToken).ConfigureAwait(false);

    protected virtual object ToObject(T value) => value;
}
