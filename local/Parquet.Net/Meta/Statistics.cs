using Parquet.Meta.Proto;

namespace Parquet.Meta;

/// <summary>Statistics of a column chunk or page; values in PLAIN encoding, byte arrays without their length.</summary>
public class Statistics
{
    internal static ThriftStruct<Statistics> Layout { get; } = new ThriftStruct<Statistics>()
        .Binary(1, s => s.Max, (s, v) => s.Max = v)
        .Binary(2, s => s.Min, (s, v) => s.Min = v)
        .Int64(3, s => s.NullCount, (s, v) => s.NullCount = v)
        .Int64(4, s => s.DistinctCount, (s, v) => s.DistinctCount = v)
        .Binary(5, s => s.MaxValue, (s, v) => s.MaxValue = v)
        .Binary(6, s => s.MinValue, (s, v) => s.MinValue = v)
        .Bool(7, s => s.IsMaxValueExact, (s, v) => s.IsMaxValueExact = v)
        .Bool(8, s => s.IsMinValueExact, (s, v) => s.IsMinValueExact = v);

    public byte[]? Max { get; set; }

    public byte[]? Min { get; set; }

    public long? NullCount { get; set; }

    public long? DistinctCount { get; set; }

    public byte[]? MaxValue { get; set; }

    public byte[]? MinValue { get; set; }

    public bool? IsMaxValueExact { get; set; }

    public bool? IsMinValueExact { get; set; }
}
