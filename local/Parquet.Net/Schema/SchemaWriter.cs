using Parquet.Columns;
using Parquet.Meta;

namespace Parquet.Schema;

/// <summary>Describes a schema in the terms of the file.</summary>
internal static class SchemaWriter
{
    internal static List<SchemaElement> Describe(ParquetSchema schema)
    {
        List<SchemaElement> elements = [new() { Name = "root", NumChildren = schema.Fields.Count }];
        foreach (var field in schema.Fields) Add(field, elements);
        return elements;
    }

    private static void Add(Field field, List<SchemaElement> elements)
    {
        switch (field)
        {
            case DataField column:
                elements.Add(Describe(column));
                return;
            case ListField list:
                AddGroup(list, ConvertedType.LIST, new LogicalType { LIST = new ListType() }, list.ContainerName ?? ListField.DefaultContainerName, elements);
                break;
            case MapField map:
                AddGroup(map, ConvertedType.MAP, new LogicalType { MAP = new MapType() }, map.ContainerName, elements);
                break;
            default:
                elements.Add(new SchemaElement { Name = field.Name, RepetitionType = Repetition(field), NumChildren = field.Children.Count });
                break;
        }
        foreach (var child in field.Children) Add(child, elements);
    }

    private static void AddGroup(Field field, ConvertedType converted, LogicalType logical, string container, List<SchemaElement> elements)
    {
        elements.Add(new SchemaElement { Name = field.Name, RepetitionType = Repetition(field), NumChildren = 1, ConvertedType = converted, LogicalType = logical });
        elements.Add(new SchemaElement { Name = container, RepetitionType = FieldRepetitionType.REPEATED, NumChildren = field.Children.Count });
    }

    private static FieldRepetitionType Repetition(Field field) =>
        field is DataField { IsArray: true } ? FieldRepetitionType.REPEATED : field.IsNullable ? FieldRepetitionType.OPTIONAL : FieldRepetitionType.REQUIRED;

    private static SchemaElement Describe(DataField field)
    {
        var element = new SchemaElement { Name = field.Name, RepetitionType = Repetition(field), FieldId = field.FieldId < 0 ? null : field.FieldId };
        var type = field.ClrType;
        if (field is DateTimeDataField time) DescribeTime(time, element);
        else if (field is TimeDataField day) DescribeTimeOfDay(day, element);
        else if (type == typeof(DateTime)) element.Type = Meta.Type.INT96;
        else if (type == typeof(decimal)) DescribeDecimal(field as DecimalDataField, element);
        else if (type == typeof(bool)) element.Type = Meta.Type.BOOLEAN;
        else if (type == typeof(float)) element.Type = Meta.Type.FLOAT;
        else if (type == typeof(double)) element.Type = Meta.Type.DOUBLE;
        else if (type == typeof(ReadOnlyMemory<byte>)) element.Type = Meta.Type.BYTE_ARRAY;
        else if (type == typeof(ReadOnlyMemory<char>)) (element.Type, element.ConvertedType, element.LogicalType) = (Meta.Type.BYTE_ARRAY, ConvertedType.UTF8, new() { STRING = new() });
        else if (type == typeof(Guid)) (element.Type, element.TypeLength, element.LogicalType) = (Meta.Type.FIXED_LEN_BYTE_ARRAY, 16, new() { UUID = new() });
        else if (type == typeof(DateOnly)) (element.Type, element.ConvertedType, element.LogicalType) = (Meta.Type.INT32, ConvertedType.DATE, new() { DATE = new() });
        else DescribeInteger(type, element);
        return element;
    }

    private static void DescribeInteger(System.Type type, SchemaElement element)
    {
        (sbyte bits, bool signed, ConvertedType converted) = System.Type.GetTypeCode(type) switch
        {
            TypeCode.SByte => ((sbyte)8, true, ConvertedType.INT_8),
            TypeCode.Byte => ((sbyte)8, false, ConvertedType.UINT_8),
            TypeCode.Int16 => ((sbyte)16, true, ConvertedType.INT_16),
            TypeCode.UInt16 => ((sbyte)16, false, ConvertedType.UINT_16),
            TypeCode.Int32 => ((sbyte)32, true, ConvertedType.INT_32),
            TypeCode.UInt32 => ((sbyte)32, false, ConvertedType.UINT_32),
            TypeCode.Int64 => ((sbyte)64, true, ConvertedType.INT_64),
            TypeCode.UInt64 => ((sbyte)64, false, ConvertedType.UINT_64),
            _ => throw new InvalidOperationException($"Column '{element.Name}': type {type} is not supported."),
        };
        element.Type = bits == 64 ? Meta.Type.INT64 : Meta.Type.INT32;
        element.ConvertedType = converted;
        element.LogicalType = new LogicalType { INTEGER = new IntType { BitWidth = bits, IsSigned = signed } };
    }

    private static void DescribeTime(DateTimeDataField field, SchemaElement element)
    {
        switch (field.DateTimeFormat)
        {
            case DateTimeFormat.Impala:
                element.Type = Meta.Type.INT96;
                break;
            case DateTimeFormat.Date:
                (element.Type, element.ConvertedType, element.LogicalType) = (Meta.Type.INT32, ConvertedType.DATE, new() { DATE = new() });
                break;
            case DateTimeFormat.DateAndTime:
                (element.Type, element.ConvertedType) = (Meta.Type.INT64, ConvertedType.TIMESTAMP_MILLIS);
                break;
            case DateTimeFormat.DateAndTimeMicros:
                (element.Type, element.ConvertedType) = (Meta.Type.INT64, ConvertedType.TIMESTAMP_MICROS);
                break;
            default:
                element.Type = Meta.Type.INT64;
                element.LogicalType = new LogicalType { TIMESTAMP = new TimestampType { IsAdjustedToUTC = field.IsAdjustedToUTC, Unit = Unit((int)field.Unit) } };
                break;
        }
    }

    private static void DescribeTimeOfDay(TimeDataField field, SchemaElement element)
    {
        element.Type = field.Precision == TimeUnitPrecision.Millis ? Meta.Type.INT32 : Meta.Type.INT64;
        element.LogicalType = new LogicalType { TIME = new TimeType { IsAdjustedToUTC = field.IsAdjustedToUtc, Unit = Unit((int)field.Precision) } };
    }

    private static TimeUnit Unit(int precision) => precision switch
    {
        0 => new TimeUnit { MILLIS = new MilliSeconds() },
        1 => new TimeUnit { MICROS = new MicroSeconds() },
        _ => new TimeUnit { NANOS = new NanoSeconds() },
    };

    private static void DescribeDecimal(DecimalDataField? field, SchemaElement element)
    {
        element.Precision = field?.Precision ?? ParquetOptions.DefaultPrecision;
        element.Scale = field?.Scale ?? ParquetOptions.DefaultScale;
        element.Type = (field, element.Precision) switch
        {
            ({ ForceByteArrayEncoding: false }, <= 9) => Meta.Type.INT32,
            ({ ForceByteArrayEncoding: false }, <= 18) => Meta.Type.INT64,
            _ => Meta.Type.FIXED_LEN_BYTE_ARRAY,
        };
        if (element.Type == Meta.Type.FIXED_LEN_BYTE_ARRAY) element.TypeLength = Decimals.SizeOf(element.Precision.Value);
        element.ConvertedType = ConvertedType.DECIMAL;
        element.LogicalType = new LogicalType { DECIMAL = new DecimalType { Precision = element.Precision.Value, Scale = element.Scale.Value } };
    }
}
