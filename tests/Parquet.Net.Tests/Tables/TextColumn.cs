using Parquet.Schema;

namespace Parquet.Tests.Tables;

/// <summary>A column of strings.</summary>
internal sealed class TextColumn(DataField leaf, string?[] values) : TestColumn
{
    internal override DataField Field => leaf;

    internal override DataField Leaf => leaf;

    internal override IReadOnlyList<object?> Cells => values;

    internal override Task WriteAsync(ParquetRowGroupWriter group, Range rows) => group.WriteAsync(leaf, values[rows]);

    internal override async Task<object?[]> ReadAsync(ParquetRowGroupReader group)
    {
        var read = new string?[group.RowCount];
        await group.ReadAsync(leaf, read);
        return read;
    }
}
