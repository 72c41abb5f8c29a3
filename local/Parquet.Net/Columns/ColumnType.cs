using Parquet.Data;
using Parquet.Schema;

namespace Parquet.Columns;

/// <summary>How the values of a column are kept, whatever their type.</summary>
internal abstract class ColumnType
{
    internal abstract Meta.Type Physical { get; }

    /// <summary>Minimum or maximum as the caller sees it: <see cref="string"/> and <c>byte[]</c> instead of memory.</summary>
    internal abstract object? FromStatistic(byte[]? stored);

    internal abstract ValueTask<RawColumnData> ReadAsync(ParquetRowGroupReader group, DataField field, CancellationToken cancellationToken);
}
