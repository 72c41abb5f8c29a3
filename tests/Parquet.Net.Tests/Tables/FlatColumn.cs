using Parquet.Schema;

namespace Parquet.Tests.Tables;

/// <summary>A column of values, required or nullable.</summary>
internal sealed class FlatColumn<T>(DataField leaf, T?[] values) : TestColumn where T : struct
{
    internal override DataField Field => leaf;

    internal override DataField Leaf => leaf;

    internal override IReadOnlyList<object?> Cells => [.. values.Select(value => (object?)value)];

    internal override Task WriteAsync(ParquetRowGroupWriter group, Range rows) => leaf.IsNullable
        ? group.WriteAsync<T>(leaf, values[rows])
        : group.WriteAsync<T>(leaf, values[rows].Select(value => value!.Value).ToArray());

    internal override async Task<object?[]> ReadAsync(ParquetRowGroupReader group)
    {
        if (leaf.IsNullable)
        {
            var nullable = new T?[group.RowCount];
            await group.ReadAsync<T>(leaf, nullable);
            return [.. nullable.Select(value => (object?)value)];
        }
        var present = new T[group.RowCount];
        await group.ReadAsync<T>(leaf, present);
        return [.. present.Select(value => (object?)value)];
    }
}
