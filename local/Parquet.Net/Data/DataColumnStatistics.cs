namespace Parquet.Data;

/// <summary>What the file says about a column chunk; each part is null where the writer left it out.</summary>
public class DataColumnStatistics
{
    public DataColumnStatistics() { }

    public DataColumnStatistics(long? nullCount, long? distinctCount, object? minValue, object? maxValue)
    {
        NullCount = nullCount;
        DistinctCount = distinctCount;
        MinValue = minValue;
        MaxValue = maxValue;
    }

    public long? NullCount { get; }

    public long? DistinctCount { get; }

    /// <summary>Of the column's type; <see cref="string"/> and <c>byte[]</c> for text and bytes.</summary>
    public object? MinValue { get; }

    public object? MaxValue { get; }
}
