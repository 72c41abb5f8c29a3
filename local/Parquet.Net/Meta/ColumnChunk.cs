using Parquet.Meta.Proto;

namespace Parquet.Meta;

/// <summary>One column in one row group.</summary>
public class ColumnChunk
{
    internal static ThriftStruct<ColumnChunk> Layout { get; } = new ThriftStruct<ColumnChunk>()
        .Text(1, c => c.FilePath, (c, v) => c.FilePath = v)
        .Int64(2, c => c.FileOffset, (c, v) => c.FileOffset = v, required: true)
        .Struct(3, ColumnMetaData.Layout, c => c.MetaData, (c, v) => c.MetaData = v)
        .Int64(4, c => c.OffsetIndexOffset, (c, v) => c.OffsetIndexOffset = v)
        .Int32(5, c => c.OffsetIndexLength, (c, v) => c.OffsetIndexLength = v)
        .Int64(6, c => c.ColumnIndexOffset, (c, v) => c.ColumnIndexOffset = v)
        .Int32(7, c => c.ColumnIndexLength, (c, v) => c.ColumnIndexLength = v);

    public string? FilePath { get; set; }

    public long FileOffset { get; set; }

    /// <summary>Null in encrypted files, which are not supported.</summary>
    public ColumnMetaData? MetaData { get; set; }

    public long? OffsetIndexOffset { get; set; }

    public int? OffsetIndexLength { get; set; }

    public long? ColumnIndexOffset { get; set; }

    public int? ColumnIndexLength { get; set; }
}
