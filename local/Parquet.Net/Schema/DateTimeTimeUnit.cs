namespace Parquet.Schema;

/// <summary>Unit of a <see cref="DateTimeFormat.Timestamp"/>.</summary>
public enum DateTimeTimeUnit
{
    Millis,
    Micros,
    Nanos,
}
