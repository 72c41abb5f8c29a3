using Parquet.Meta.Proto;

namespace Parquet.Meta;

/// <summary>A page whose levels stand uncompressed before its values.</summary>
public class DataPageHeaderV2
{
    internal static ThriftStruct<DataPageHeaderV2> Layout { get; } = new ThriftStruct<DataPageHeaderV2>()
        .Int32(1, h => h.NumValues, (h, v) => h.NumValues = v, required: true)
        .Int32(2, h => h.NumNulls, (h, v) => h.NumNulls = v, required: true)
        .Int32(3, h => h.NumRows, (h, v) => h.NumRows = v, required: true)
        .Int32(4, h => (int)h.Encoding, (h, v) => h.Encoding = (Encoding)v, required: true)
        .Int32(5, h => h.DefinitionLevelsByteLength, (h, v) => h.DefinitionLevelsByteLength = v, required: true)
        .Int32(6, h => h.RepetitionLevelsByteLength, (h, v) => h.RepetitionLevelsByteLength = v, required: true)
        .Bool(7, h => h.IsCompressed, (h, v) => h.IsCompressed = v)
        .Struct(8, Meta.Statistics.Layout, h => h.Statistics, (h, v) => h.Statistics = v);

    public int NumValues { get; set; }

    public int NumNulls { get; set; }

    public int NumRows { get; set; }

    public Encoding Encoding { get; set; }

    public int DefinitionLevelsByteLength { get; set; }

    public int RepetitionLevelsByteLength { get; set; }

    /// <summary>Null means compressed.</summary>
    public bool? IsCompressed { get; set; }

    public Statistics? Statistics { get; set; }
}
