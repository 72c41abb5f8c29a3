namespace Parquet.Schema;

/// <summary>A time of day as a count since midnight: <c>int</c> for milliseconds, <c>long</c> for finer units.</summary>
public class TimeDataField : DataField
{
    public TimeDataField(string name, TimeUnitPrecision precision, bool? isNullable = null, bool? isArray = null, string? propertyName = null)
        : base(name, precision == TimeUnitPrecision.Millis ? typeof(int) : typeof(long), isNullable, isArray, propertyName) => Precision = precision;

    public bool IsAdjustedToUtc { get; set; } = true;

    public TimeUnitPrecision Precision { get; }
}
