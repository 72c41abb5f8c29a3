using Parquet.Meta.Proto;

namespace Parquet.Meta;

/// <summary>Description of a column chunk.</summary>
public class ColumnMetaData
{
    internal static ThriftStruct<ColumnMetaData> Layout { get; } = new ThriftStruct<ColumnMetaData>()
        .Int32(1, c => (int)c.Type, (c, v) => c.Type = (Type)v, required: true)
        .Enums(2, c => c.Encodings, (c, v) => c.Encodings = v, static n => (Encoding)n, static e => (int)e)
        .Texts(3, c => c.PathInSchema, (c, v) => c.PathInSchema = v)
        .Int32(4, c => (int)c.Codec, (c, v) => c.Codec = (CompressionCodec)v, required: true)
        .Int64(5, c => c.NumValues, (c, v) => c.NumValues = v, required: true)
        .Int64(6, c => c.TotalUncompressedSize, (c, v) => c.TotalUncompressedSize = v, required: true)
        .Int64(7, c => c.TotalCompressedSize, (c, v) => c.TotalCompressedSize = v, required: true)
        .Structs(8, KeyValue.Layout, c => c.KeyValueMetadata, (c, v) => c.KeyValueMetadata = v)
        .Int64(9, c => c.DataPageOffset, (c, v) => c.DataPageOffset = v, required: true)
        .Int64(10, c => c.IndexPageOffset, (c, v) => c.IndexPageOffset = v)
        .Int64(11, c => c.DictionaryPageOffset, (c, v) => c.DictionaryPageOffset = v)
        .Struct(12, Meta.Statistics.Layout, c => c.Statistics, (c, v) => c.Statistics = v)
        .Int64(14, c => c.BloomFilterOffset, (c, v) => c.BloomFilterOffset = v)
        .Int32(15, c => c.BloomFilterLength, (c, v) => c.BloomFilterLength = v);

    public Type Type { get; set; }

    public List<Encoding> Encodings { get; set; } = [];

    public List<string> PathInSchema { get; set; } = [];

    public CompressionCodec Codec { get; set; }

    /// <summary>Levels in the chunk: values, nulls and empty lists. Buffers for reading need this many slots.</summary>
    public long NumValues { get; set; }

    public long TotalUncompressedSize { get; set; }

    public long TotalCompressedSize { get; set; }

    public List<KeyValue>? KeyValueMetadata { get; set; }

    public long DataPageOffset { get; set; }

    public long? IndexPageOffset { get; set; }

    public long? DictionaryPageOffset { get; set; }

    public Statistics? Statistics { get; set; }

    public long? BloomFilterOffset { get; set; }

    public int? BloomFilterLength { get; set; }
}
