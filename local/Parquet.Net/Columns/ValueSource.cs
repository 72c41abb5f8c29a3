using Parquet.Encodings;
using Parquet.Meta;

namespace Parquet.Columns;

/// <summary>Pages of values; their range is taken while they are in the cache.</summary>
internal sealed class ValueSource<T>(ReadOnlyMemory<T> values, ColumnType<T> type, Encoding encoding, ValueRange<T>? range) : PageSource where T : struct
{
    internal override Encoding Encoding => encoding;

    internal override int CountWithin(int start, int bytes) => type.CountWithin(values.Span[start..], bytes);

    internal override void Encode(int start, int count, PooledBuffer output)
    {
        var page = values.Span.Slice(start, count);
        range?.Include(page);
        type.Encode(page, encoding, output);
    }
}
