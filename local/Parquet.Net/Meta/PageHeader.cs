using Parquet.Meta.Proto;

namespace Parquet.Meta;

/// <summary>Stands before every page.</summary>
public class PageHeader
{
    internal static ThriftStruct<PageHeader> Layout { get; } = new ThriftStruct<PageHeader>()
        .Int32(1, h => (int)h.Type, (h, v) => h.Type = (PageType)v, required: true)
        .Int32(2, h => h.UncompressedPageSize, (h, v) => h.UncompressedPageSize = v, required: true)
        .Int32(3, h => h.CompressedPageSize, (h, v) => h.CompressedPageSize = v, required: true)
        .Int32(4, h => h.Crc, (h, v) => h.Crc = v)
        .Struct(5, Meta.DataPageHeader.Layout, h => h.DataPageHeader, (h, v) => h.DataPageHeader = v)
        .Struct(7, Meta.DictionaryPageHeader.Layout, h => h.DictionaryPageHeader, (h, v) => h.DictionaryPageHeader = v)
        .Struct(8, Meta.DataPageHeaderV2.Layout, h => h.DataPageHeaderV2, (h, v) => h.DataPageHeaderV2 = v);

    public PageType Type { get; set; }

    public int UncompressedPageSize { get; set; }

    public int CompressedPageSize { get; set; }

    public int? Crc { get; set; }

    public DataPageHeader? DataPageHeader { get; set; }

    public DictionaryPageHeader? DictionaryPageHeader { get; set; }

    public DataPageHeaderV2? DataPageHeaderV2 { get; set; }
}
