using Parquet.Meta;

namespace Parquet.Schema;

/// <summary>Builds the schema that a file describes.</summary>
internal sealed class SchemaReader(List<SchemaElement> elements, ParquetOptions options)
{
    private const int DeepestNesting = 64;
    private int _next;

    internal ParquetSchema Read()
    {
        var root = Take();
        if (root.NumChildren is not > 0) throw new ParquetException("The file's schema has no columns. The file is corrupt.");
        var schema = new ParquetSchema(Children(root, depth: 0));
        return _next == elements.Count ? schema : throw new ParquetException($"The file's schema has {elements.Count} elements, its groups name {_next}. The file is corrupt.");
    }

    private Field[] Children(SchemaElement group, int depth)
    {
        if (depth > DeepestNesting) throw new ParquetException($"The file's schema is nested more than {DeepestNesting} deep.");
        var children = new List<Field>();
        for (var i = 0; i < group.NumChildren; i++) children.Add(ReadField(depth + 1));
        return [.. children];
    }

    private Field ReadField(int depth)
    {
        var element = Take();
        if (element.Type is not null) return Leaf(element);
        Field field;
        if (IsList(element)) field = ReadList(element, depth);
        else if (IsMap(element)) field = ReadMap(element, depth);
        else if (element.RepetitionType == FieldRepetitionType.REPEATED) throw new NotSupportedException($"Group '{element.Name}' is repeated outside a list. That old form is not supported.");
        else if (element.NumChildren is not > 0) throw new ParquetException($"Group '{element.Name}' has no columns. The file is corrupt.");
        else field = new StructField(element.Name, Children(element, depth));
        field.IsNullable = element.RepetitionType != FieldRepetitionType.REQUIRED;
        field.SchemaElement = element;
        return field;
    }

    private ListField ReadList(SchemaElement element, int depth)
    {
        var container = TakeContainer(element, children: 1);
        if (container.Type is not null) return new ListField(element.Name, Leaf(container)) { ContainerName = null };
        if (container.NumChildren != 1)
            throw new NotSupportedException($"List '{element.Name}' holds groups in the old form ('{container.Name}' has {container.NumChildren} children). That is not supported.");
        return new ListField(element.Name, ReadField(depth + 1), container.Name);
    }

    private MapField ReadMap(SchemaElement element, int depth)
    {
        var container = TakeContainer(element, children: 1);
        if (container.NumChildren != 2) throw new NotSupportedException($"Map '{element.Name}' has {container.NumChildren} columns instead of key and value.");
        var key = ReadField(depth + 1);
        key.IsNullable = false;
        return new MapField(element.Name, key, ReadField(depth + 1)) { ContainerName = container.Name };
    }

    private SchemaElement TakeContainer(SchemaElement element, int children)
    {
        var container = element.NumChildren == children ? Take() : null;
        return container?.RepetitionType == FieldRepetitionType.REPEATED
            ? container
            : throw new ParquetException($"Group '{element.Name}' is marked as a list or map but holds no single repeated field. The file is corrupt.");
    }

    private SchemaElement Take() => _next < elements.Count ? elements[_next++] : throw new ParquetException("The file's schema ends inside a group. The file is corrupt.");

    private static bool IsList(SchemaElement element) => element.LogicalType?.LIST is not null || element.ConvertedType == ConvertedType.LIST;

    private static bool IsMap(SchemaElement element) => element.LogicalType?.MAP is not null || element.ConvertedType is ConvertedType.MAP or ConvertedType.MAP_KEY_VALUE;

    private DataField Leaf(SchemaElement element)
    {
        var field = Annotated(element) ?? new DataField(element.Name, element.Type switch
        {
            Meta.Type.BOOLEAN => typeof(bool),
            Meta.Type.INT32 => typeof(int),
            Meta.Type.INT64 => typeof(long),
            Meta.Type.INT96 => typeof(DateTime),
            Meta.Type.FLOAT => typeof(float),
            Meta.Type.DOUBLE => typeof(double),
            Meta.Type.BYTE_ARRAY => options.TreatByteArrayAsString ? typeof(string) : typeof(byte[]),
            Meta.Type.FIXED_LEN_BYTE_ARRAY => typeof(byte[]),
            _ => throw new ParquetException($"Column '{element.Name}' has the unknown type {element.Type}. The file is corrupt."),
        });
        field.IsNullable = element.RepetitionType == FieldRepetitionType.OPTIONAL;
        field.IsArray = element.RepetitionType == FieldRepetitionType.REPEATED;
        field.FieldId = element.FieldId ?? -1;
        field.SchemaElement = element;
        return field;
    }

    /// <summary>What the annotation means, where it goes with the physical type; null otherwise.</summary>
    private DataField? Annotated(SchemaElement element)
    {
        var (logical, converted) = (element.LogicalType, element.ConvertedType);
        if (logical?.DECIMAL is not null || converted == ConvertedType.DECIMAL) return Decimal(element);
        return element.Type switch
        {
            Meta.Type.BYTE_ARRAY when logical?.STRING is not null || logical?.ENUM is not null || logical?.JSON is not null
                || converted is ConvertedType.UTF8 or ConvertedType.ENUM or ConvertedType.JSON => new DataField(element.Name, typeof(string)),
            Meta.Type.FIXED_LEN_BYTE_ARRAY when logical?.UUID is not null && element.TypeLength == 16 => new DataField(element.Name, typeof(Guid)),
            Meta.Type.INT32 when logical?.DATE is not null || converted == ConvertedType.DATE =>
                options.UseDateOnlyTypeForDates ? new DataField(element.Name, typeof(DateOnly)) : new DateTimeDataField(element.Name, DateTimeFormat.Date),
            Meta.Type.INT32 when logical?.TIME?.Unit.MILLIS is not null || converted == ConvertedType.TIME_MILLIS => TimeOfDay(element, TimeUnitPrecision.Millis),
            Meta.Type.INT64 when logical?.TIME?.Unit.NANOS is not null => TimeOfDay(element, TimeUnitPrecision.Nanos),
            Meta.Type.INT64 when logical?.TIME?.Unit.MICROS is not null || converted == ConvertedType.TIME_MICROS => TimeOfDay(element, TimeUnitPrecision.Micros),
            Meta.Type.INT64 when logical?.TIMESTAMP is { } timestamp => new DateTimeDataField(element.Name, DateTimeFormat.Timestamp, timestamp.IsAdjustedToUTC, Unit(timestamp.Unit)),
            Meta.Type.INT64 when converted == ConvertedType.TIMESTAMP_MILLIS => new DateTimeDataField(element.Name, DateTimeFormat.DateAndTime),
            Meta.Type.INT64 when converted == ConvertedType.TIMESTAMP_MICROS => new DateTimeDataField(element.Name, DateTimeFormat.DateAndTimeMicros),
            Meta.Type.INT32 => Integer(element, 32),
            Meta.Type.INT64 => Integer(element, 64),
            _ => null,
        };
    }

    private static DecimalDataField Decimal(SchemaElement element)
    {
        var (precision, scale) = element.LogicalType?.DECIMAL is { } type ? (type.Precision, type.Scale) : (element.Precision ?? 0, element.Scale ?? 0);
        if (precision < 1 || scale < 0 || scale > precision) throw new ParquetException($"Column '{element.Name}' is a decimal of {precision} digits, {scale} after the point. The file is corrupt.");
        (element.Precision, element.Scale) = (precision, scale);
        return new DecimalDataField(element.Name, precision, scale, element.Type is not (Meta.Type.INT32 or Meta.Type.INT64));
    }

    private static TimeDataField TimeOfDay(SchemaElement element, TimeUnitPrecision precision) =>
        new(element.Name, precision) { IsAdjustedToUtc = element.LogicalType?.TIME?.IsAdjustedToUTC ?? true };

    private static DateTimeTimeUnit Unit(TimeUnit unit) =>
        unit.NANOS is not null ? DateTimeTimeUnit.Nanos : unit.MICROS is not null ? DateTimeTimeUnit.Micros : DateTimeTimeUnit.Millis;

    private static DataField? Integer(SchemaElement element, int storedBits)
    {
        var (bits, signed) = element.LogicalType?.INTEGER is { } type ? (type.BitWidth, type.IsSigned) : element.ConvertedType switch
        {
            ConvertedType.INT_8 => ((sbyte)8, true),
            ConvertedType.UINT_8 => ((sbyte)8, false),
            ConvertedType.INT_16 => ((sbyte)16, true),
            ConvertedType.UINT_16 => ((sbyte)16, false),
            ConvertedType.UINT_32 => ((sbyte)32, false),
            ConvertedType.UINT_64 => ((sbyte)64, false),
            _ => ((sbyte)storedBits, true),
        };
        var clr = (bits, signed) switch
        {
            (8, true) => typeof(sbyte),
            (8, false) => typeof(byte),
            (16, true) => typeof(short),
            (16, false) => typeof(ushort),
            (32, true) => typeof(int),
            (32, false) => typeof(uint),
            (64, true) => typeof(long),
            (64, false) => typeof(ulong),
            _ => null,
        };
        return clr is null || (bits == 64) != (storedBits == 64) ? null : new DataField(element.Name, clr);
    }
}
