using Parquet.Meta.Proto;

namespace Parquet.Meta;

/// <summary>What a physical type means; one member is set.</summary>
public class LogicalType
{
    internal static ThriftStruct<LogicalType> Layout { get; } = new ThriftStruct<LogicalType>()
        .Struct(1, new ThriftStruct<StringType>(), t => t.STRING, (t, v) => t.STRING = v)
        .Struct(2, new ThriftStruct<MapType>(), t => t.MAP, (t, v) => t.MAP = v)
        .Struct(3, new ThriftStruct<ListType>(), t => t.LIST, (t, v) => t.LIST = v)
        .Struct(4, new ThriftStruct<EnumType>(), t => t.ENUM, (t, v) => t.ENUM = v)
        .Struct(5, DecimalType.Layout, t => t.DECIMAL, (t, v) => t.DECIMAL = v)
        .Struct(6, new ThriftStruct<DateType>(), t => t.DATE, (t, v) => t.DATE = v)
        .Struct(7, TimeType.Layout, t => t.TIME, (t, v) => t.TIME = v)
        .Struct(8, TimestampType.Layout, t => t.TIMESTAMP, (t, v) => t.TIMESTAMP = v)
        .Struct(10, IntType.Layout, t => t.INTEGER, (t, v) => t.INTEGER = v)
        .Struct(12, new ThriftStruct<JsonType>(), t => t.JSON, (t, v) => t.JSON = v)
        .Struct(14, new ThriftStruct<UUIDType>(), t => t.UUID, (t, v) => t.UUID = v);

    public StringType? STRING { get; set; }

    public MapType? MAP { get; set; }

    public ListType? LIST { get; set; }

    public EnumType? ENUM { get; set; }

    public DecimalType? DECIMAL { get; set; }

    public DateType? DATE { get; set; }

    public TimeType? TIME { get; set; }

    public TimestampType? TIMESTAMP { get; set; }

    public IntType? INTEGER { get; set; }

    public JsonType? JSON { get; set; }

    public UUIDType? UUID { get; set; }
}

/// <summary>UTF-8 text in a byte array.</summary>
public class StringType;

/// <summary>A group that is a map.</summary>
public class MapType;

/// <summary>A group that is a list.</summary>
public class ListType;

/// <summary>Text from a closed set.</summary>
public class EnumType;

/// <summary>Days since 1970 in an INT32.</summary>
public class DateType;

/// <summary>JSON text in a byte array.</summary>
public class JsonType;

/// <summary>A UUID in 16 big-endian bytes.</summary>
public class UUIDType;

/// <summary>An unscaled number; the value is number / 10^scale.</summary>
public class DecimalType
{
    internal static ThriftStruct<DecimalType> Layout { get; } = new ThriftStruct<DecimalType>()
        .Int32(1, t => t.Scale, (t, v) => t.Scale = v, required: true)
        .Int32(2, t => t.Precision, (t, v) => t.Precision = v, required: true);

    public int Scale { get; set; }

    public int Precision { get; set; }
}

/// <summary>An integer of 8, 16, 32 or 64 bits.</summary>
public class IntType
{
    internal static ThriftStruct<IntType> Layout { get; } = new ThriftStruct<IntType>()
        .Int8(1, t => t.BitWidth, (t, v) => t.BitWidth = v, required: true)
        .Bool(2, t => t.IsSigned, (t, v) => t.IsSigned = v, required: true);

    public sbyte BitWidth { get; set; }

    public bool IsSigned { get; set; }
}

/// <summary>A time of day.</summary>
public class TimeType
{
    internal static ThriftStruct<TimeType> Layout { get; } = new ThriftStruct<TimeType>()
        .Bool(1, t => t.IsAdjustedToUTC, (t, v) => t.IsAdjustedToUTC = v, required: true)
        .Struct(2, TimeUnit.Layout, t => t.Unit, (t, v) => t.Unit = v, required: true);

    public bool IsAdjustedToUTC { get; set; }

    public TimeUnit Unit { get; set; } = new();
}

/// <summary>An instant, or a wall clock time where it is not adjusted to UTC.</summary>
public class TimestampType
{
    internal static ThriftStruct<TimestampType> Layout { get; } = new ThriftStruct<TimestampType>()
        .Bool(1, t => t.IsAdjustedToUTC, (t, v) => t.IsAdjustedToUTC = v, required: true)
        .Struct(2, TimeUnit.Layout, t => t.Unit, (t, v) => t.Unit = v, required: true);

    public bool IsAdjustedToUTC { get; set; }

    public TimeUnit Unit { get; set; } = new();
}

/// <summary>Unit of a time; one member is set.</summary>
public class TimeUnit
{
    internal static ThriftStruct<TimeUnit> Layout { get; } = new ThriftStruct<TimeUnit>()
        .Struct(1, new ThriftStruct<MilliSeconds>(), t => t.MILLIS, (t, v) => t.MILLIS = v)
        .Struct(2, new ThriftStruct<MicroSeconds>(), t => t.MICROS, (t, v) => t.MICROS = v)
        .Struct(3, new ThriftStruct<NanoSeconds>(), t => t.NANOS, (t, v) => t.NANOS = v);

    public MilliSeconds? MILLIS { get; set; }

    public MicroSeconds? MICROS { get; set; }

    public NanoSeconds? NANOS { get; set; }
}

/// <summary>Thousandths of a second.</summary>
public class MilliSeconds;

/// <summary>Millionths of a second.</summary>
public class MicroSeconds;

/// <summary>Billionths of a second.</summary>
public class NanoSeconds;
