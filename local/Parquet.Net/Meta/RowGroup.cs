using Parquet.Meta.Proto;

namespace Parquet.Meta;

/// <summary>Rows that are stored together, column by column.</summary>
public class RowGroup
{
    internal static ThriftStruct<RowGroup> Layout { get; } = new ThriftStruct<RowGroup>()
        .Structs(1, ColumnChunk.Layout, g => g.Columns, (g, v) => g.Columns = v, required: true)
        .Int64(2, g => g.TotalByteSize, (g, v) => g.TotalByteSize = v, required: true)
        .Int64(3, g => g.NumRows, (g, v) => g.NumRows = v, required: true)
        .Int64(5, g => g.FileOffset, (g, v) => g.FileOffset = v)
        .Int64(6, g => g.TotalCompressedSize, (g, v) => g.TotalCompressedSize = v)
        .Int16(7, g => g.Ordinal, (g, v) => g.Ordinal = v);

    public List<ColumnChunk> Columns { get; set; } = [];

    /// <summary>Uncompressed size of all columns.</summary>
    public long TotalByteSize { get; set; }

    public long NumRows { get; set; }

    public long? FileOffset { get; set; }

    public long? TotalCompressedSize { get; set; }

    public short? Ordinal { get; set; }
}
