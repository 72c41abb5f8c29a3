using Parquet.Schema;

namespace Parquet.Tests.Tables;

/// <summary>A column with values, which knows how it is written and read. A list's cell is an array.</summary>
internal abstract class TestColumn
{
    internal abstract Field Field { get; }

    internal abstract DataField Leaf { get; }

    /// <summary>One cell a row.</summary>
    internal abstract IReadOnlyList<object?> Cells { get; }

    internal abstract Task WriteAsync(ParquetRowGroupWriter group, Range rows);

    internal abstract Task<object?[]> ReadAsync(ParquetRowGroupReader group);
}
