using Parquet.Meta.Proto;

namespace Parquet.Meta;

/// <summary>A page whose levels are compressed together with its values.</summary>
public class DataPageHeader
{
    internal static ThriftStruct<DataPageHeader> Layout { get; } = new ThriftStruct<DataPageHeader>()
        .Int32(1, h => h.NumValues, (h, v) => h.NumValues = v, required: true)
        .Int32(2, h => (int)h.Encoding, (h, v) => h.Encoding = (Encoding)v, required: true)
        .Int32(3, h => (int)h.DefinitionLevelEncoding, (h, v) => h.DefinitionLevelEncoding = (Encoding)v, required: true)
        .Int32(4, h => (int)h.RepetitionLevelEncoding, (h, v) => h.RepetitionLevelEncoding = (Encoding)v, required: true)
        .Struct(5, Meta.Statistics.Layout, h => h.Statistics, (h, v) => h.Statistics = v);

    /// <summary>Levels in the page: values, nulls and empty lists.</summary>
    public int NumValues { get; set; }

    public Encoding Encoding { get; set; }

    public Encoding DefinitionLevelEncoding { get; set; }

    public Encoding RepetitionLevelEncoding { get; set; }

    public Statistics? Statistics { get; set; }
}
