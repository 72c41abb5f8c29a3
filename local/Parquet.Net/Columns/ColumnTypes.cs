using Parquet.Meta;
using Parquet.Schema;

namespace Parquet.Columns;

/// <summary>Which column type serves which field.</summary>
internal static class ColumnTypes
{
    private static readonly WholeNumbers<int> Int32 = new(Meta.Type.INT32);
    private static readonly WholeNumbers<long> Int64 = new(Meta.Type.INT64);
    private static readonly ByteArrays Variable = new(fixedLength: null);

    private static readonly Dictionary<System.Type, ColumnType> Simple = new()
    {
        [typeof(bool)] = new ConvertedColumn<bool, bool>(new Booleans(), v => v, v => v),
        [typeof(byte)] = new ConvertedColumn<byte, int>(Int32, v => v, v => unchecked((byte)v)),
        [typeof(sbyte)] = new ConvertedColumn<sbyte, int>(Int32, v => v, v => unchecked((sbyte)v)),
        [typeof(short)] = new ConvertedColumn<short, int>(Int32, v => v, v => unchecked((short)v)),
        [typeof(ushort)] = new ConvertedColumn<ushort, int>(Int32, v => v, v => unchecked((ushort)v)),
        [typeof(int)] = new DirectColumn<int, int>(Int32),
        [typeof(uint)] = new DirectColumn<uint, int>(Int32),
        [typeof(long)] = new DirectColumn<long, long>(Int64),
        [typeof(ulong)] = new DirectColumn<ulong, long>(Int64),
        [typeof(float)] = new DirectColumn<float, float>(new FixedWidth<float>(Meta.Type.FLOAT)),
        [typeof(double)] = new DirectColumn<double, double>(new FixedWidth<double>(Meta.Type.DOUBLE)),
        [typeof(DateOnly)] = new ConvertedColumn<DateOnly, int>(
            Int32, v => Timestamps.ToDays(v.ToDateTime(TimeOnly.MinValue)), v => DateOnly.FromDateTime(Timestamps.FromDays(v))),
        [typeof(Guid)] = new ConvertedColumn<Guid, ReadOnlyMemory<byte>>(new ByteArrays(16), v => v.ToByteArray(bigEndian: true), v => new Guid(v.Span, bigEndian: true)),
        [typeof(ReadOnlyMemory<char>)] = new TextColumn(Variable),
        [typeof(ReadOnlyMemory<byte>)] = new BytesColumn(Variable),
    };

    /// <exception cref="ParquetException">The stored type and the field's type do not go together.</exception>
    internal static ColumnType For(DataField field, SchemaElement element)
    {
        var type = field switch
        {
            DateTimeDataField time => Time(time),
            _ when field.ClrType == typeof(DateTime) => new ConvertedColumn<DateTime, Int96>(new FixedWidth<Int96>(Meta.Type.INT96), Timestamps.ToInt96, Timestamps.FromInt96, isOrdered: false),
            _ when field.ClrType == typeof(decimal) => Number(element),
            _ when field.ClrType == typeof(ReadOnlyMemory<byte>) && element.Type == Meta.Type.FIXED_LEN_BYTE_ARRAY => new BytesColumn(new ByteArrays(LengthOf(element))),
            _ => Simple[field.ClrType],
        };
        return type.Physical == element.Type ? type : throw new ParquetException($"Column '{field.Path}' is stored as {element.Type}, but {field.ClrType} is stored as {type.Physical}.");
    }

    private static ColumnType Time(DateTimeDataField field)
    {
        var kind = field.IsAdjustedToUTC ? DateTimeKind.Utc : DateTimeKind.Local;
        return field.DateTimeFormat switch
        {
            DateTimeFormat.Impala => new ConvertedColumn<DateTime, Int96>(new FixedWidth<Int96>(Meta.Type.INT96), Timestamps.ToInt96, Timestamps.FromInt96, isOrdered: false),
            DateTimeFormat.Date => new ConvertedColumn<DateTime, int>(Int32, Timestamps.ToDays, Timestamps.FromDays),
            _ => new ConvertedColumn<DateTime, long>(Int64, v => Timestamps.ToCount(v, field.Unit), v => Timestamps.FromCount(v, field.Unit, kind)),
        };
    }

    private static ColumnType Number(SchemaElement element)
    {
        var precision = element.Precision ?? ParquetOptions.DefaultPrecision;
        var scale = element.Scale ?? 0;
        return element.Type switch
        {
            Meta.Type.INT32 => new ConvertedColumn<decimal, int>(Int32, v => (int)Decimals.ToUnscaled(v, precision, scale), v => Decimals.FromUnscaled(v, scale)),
            Meta.Type.INT64 => new ConvertedColumn<decimal, long>(Int64, v => (long)Decimals.ToUnscaled(v, precision, scale), v => Decimals.FromUnscaled(v, scale)),
            Meta.Type.FIXED_LEN_BYTE_ARRAY when LengthOf(element) is var length => new ConvertedColumn<decimal, ReadOnlyMemory<byte>>(
                new ByteArrays(length), v => Decimals.ToBytes(Decimals.ToUnscaled(v, precision, scale), length), v => Decimals.FromUnscaled(Decimals.FromBytes(v.Span), scale)),
            _ => new ConvertedColumn<decimal, ReadOnlyMemory<byte>>(
                Variable, v => Decimals.ToBytes(Decimals.ToUnscaled(v, precision, scale), Decimals.SizeOf(precision)), v => Decimals.FromUnscaled(Decimals.FromBytes(v.Span), scale)),
        };
    }

    private static int LengthOf(SchemaElement element) => element.TypeLength is > 0 and var length
        ? length
        : throw new ParquetException($"Column '{element.Name}' is of type {element.Type} and states a length of {element.TypeLength}. The file is corrupt.");
}
