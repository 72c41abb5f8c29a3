namespace Parquet.Schema;

/// <summary>A column of <see cref="DateTime"/> stored as <see cref="DateTimeFormat"/> says.</summary>
public class DateTimeDataField : DataField
{
    public DateTimeDataField(
        string name, DateTimeFormat format, bool isAdjustedToUTC = true, DateTimeTimeUnit? unit = null, bool? isNullable = null, bool? isArray = null, string? propertyName = null)
        : base(name, typeof(DateTime), isNullable, isArray, propertyName)
    {
        DateTimeFormat = format;
        IsAdjustedToUTC = isAdjustedToUTC;
        Unit = format switch
        {
            DateTimeFormat.DateAndTime => DateTimeTimeUnit.Millis,
            DateTimeFormat.DateAndTimeMicros => DateTimeTimeUnit.Micros,
            _ => unit ?? DateTimeTimeUnit.Millis,
        };
    }

    public DateTimeFormat DateTimeFormat { get; }

    /// <summary>True: an instant, read back as UTC. False: a wall clock time, read back as local.</summary>
    public bool IsAdjustedToUTC { get; }

    public DateTimeTimeUnit Unit { get; }
}
