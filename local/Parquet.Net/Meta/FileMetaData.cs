using Parquet.Meta.Proto;

namespace Parquet.Meta;

/// <summary>The footer.</summary>
public class FileMetaData
{
    internal static ThriftStruct<FileMetaData> Layout { get; } = new ThriftStruct<FileMetaData>()
        .Int32(1, f => f.Version, (f, v) => f.Version = v, required: true)
        .Structs(2, SchemaElement.Layout, f => f.Schema, (f, v) => f.Schema = v, required: true)
        .Int64(3, f => f.NumRows, (f, v) => f.NumRows = v, required: true)
        .Structs(4, RowGroup.Layout, f => f.RowGroups, (f, v) => f.RowGroups = v, required: true)
        .Structs(5, KeyValue.Layout, f => f.KeyValueMetadata, (f, v) => f.KeyValueMetadata = v)
        .Text(6, f => f.CreatedBy, (f, v) => f.CreatedBy = v)
        .Structs(7, ColumnOrder.Layout, f => f.ColumnOrders, (f, v) => f.ColumnOrders = v);

    public int Version { get; set; } = 1;

    public List<SchemaElement> Schema { get; set; } = [];

    public long NumRows { get; set; }

    public List<RowGroup> RowGroups { get; set; } = [];

    public List<KeyValue>? KeyValueMetadata { get; set; }

    public string? CreatedBy { get; set; }

    public List<ColumnOrder>? ColumnOrders { get; set; }
}
