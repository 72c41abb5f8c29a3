using Parquet.Meta.Proto;

namespace Parquet.Meta;

/// <summary>A node of the stored schema, which lists the tree depth first.</summary>
public class SchemaElement
{
    internal static ThriftStruct<SchemaElement> Layout { get; } = new ThriftStruct<SchemaElement>()
        .Int32(1, e => (int?)e.Type, (e, v) => e.Type = (Type)v)
        .Int32(2, e => e.TypeLength, (e, v) => e.TypeLength = v)
        .Int32(3, e => (int?)e.RepetitionType, (e, v) => e.RepetitionType = (FieldRepetitionType)v)
        .Text(4, e => e.Name, (e, v) => e.Name = v, required: true)
        .Int32(5, e => e.NumChildren, (e, v) => e.NumChildren = v)
        .Int32(6, e => (int?)e.ConvertedType, (e, v) => e.ConvertedType = (ConvertedType)v)
        .Int32(7, e => e.Scale, (e, v) => e.Scale = v)
        .Int32(8, e => e.Precision, (e, v) => e.Precision = v)
        .Int32(9, e => e.FieldId, (e, v) => e.FieldId = v)
        .Struct(10, Meta.LogicalType.Layout, e => e.LogicalType, (e, v) => e.LogicalType = v);

    /// <summary>Null for groups.</summary>
    public Type? Type { get; set; }

    public int? TypeLength { get; set; }

    public FieldRepetitionType? RepetitionType { get; set; }

    public string Name { get; set; } = "";

    public int? NumChildren { get; set; }

    public ConvertedType? ConvertedType { get; set; }

    public int? Scale { get; set; }

    public int? Precision { get; set; }

    public int? FieldId { get; set; }

    public LogicalType? LogicalType { get; set; }
}
