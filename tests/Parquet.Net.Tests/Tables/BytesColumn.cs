using Parquet.Schema;

namespace Parquet.Tests.Tables;

/// <summary>A column of byte arrays.</summary>
internal sealed class BytesColumn(DataField leaf, byte[]?[] values) : TestColumn
{
    internal override DataField Field => leaf;

    internal override DataField Leaf => leaf;

    internal override IReadOnlyList<object?> Cells => values;

    internal override Task WriteAsync(ParquetRowGroupWriter group, Range rows) => group.WriteAsync(leaf, values[rows]);

    internal override async Task<object?[]> ReadAsync(ParquetRowGroupReader group)
    {
        var read = new byte[]?[group.RowCount];
        await group.ReadAsync(leaf, read);
        return read;
    }
}
