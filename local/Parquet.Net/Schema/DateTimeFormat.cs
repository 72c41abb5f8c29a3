namespace Parquet.Schema;

/// <summary>How a date and time is stored.</summary>
public enum DateTimeFormat
{
    /// <summary>INT96: nanoseconds of the day and the Julian day.</summary>
    Impala,

    /// <summary>INT64, milliseconds since 1970.</summary>
    DateAndTime,

    /// <summary>INT64, microseconds since 1970.</summary>
    DateAndTimeMicros,

    /// <summary>INT32, days since 1970.</summary>
    Date,

    /// <summary>INT64 with unit and UTC flag.</summary>
    Timestamp,
}
