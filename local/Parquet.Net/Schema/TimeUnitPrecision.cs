namespace Parquet.Schema;

/// <summary>Unit of a time of day.</summary>
public enum TimeUnitPrecision
{
    Millis,
    Micros,
    Nanos,
}
