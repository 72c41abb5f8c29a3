using Parquet.Meta.Proto;

namespace Parquet.Meta;

/// <summary>A page with the distinct values that later pages number.</summary>
public class DictionaryPageHeader
{
    internal static ThriftStruct<DictionaryPageHeader> Layout { get; } = new ThriftStruct<DictionaryPageHeader>()
        .Int32(1, h => h.NumValues, (h, v) => h.NumValues = v, required: true)
        .Int32(2, h => (int)h.Encoding, (h, v) => h.Encoding = (Encoding)v, required: true)
        .Bool(3, h => h.IsSorted, (h, v) => h.IsSorted = v);

    public int NumValues { get; set; }

    public Encoding Encoding { get; set; }

    public bool? IsSorted { get; set; }
}
