using System.Collections.Frozen;

namespace Parquet.Schema;

/// <summary>A column.</summary>
public class DataField : Field, ICloneable
{
    private static readonly FrozenDictionary<Type, Type> StoredAs = new Dictionary<Type, Type>
    {
        [typeof(string)] = typeof(ReadOnlyMemory<char>),
        [typeof(byte[])] = typeof(ReadOnlyMemory<byte>),
        [typeof(TimeOnly)] = typeof(long),
    }.ToFrozenDictionary();

    private static readonly FrozenSet<Type> Supported = new[]
    {
        typeof(bool), typeof(byte), typeof(sbyte), typeof(short), typeof(ushort), typeof(int), typeof(uint), typeof(long), typeof(ulong),
        typeof(float), typeof(double), typeof(decimal), typeof(DateTime), typeof(DateOnly), typeof(Guid), typeof(ReadOnlyMemory<byte>), typeof(ReadOnlyMemory<char>),
    }.ToFrozenSet();

    private bool _isNullable;

    /// <param name="clrType">Type of a value; <c>Nullable</c> and reference types are nullable unless <paramref name="isNullable"/> says otherwise,
    /// arrays and sequences are repeated values of the old form (prefer <see cref="ListField"/>).</param>
    public DataField(string name, Type clrType, bool? isNullable = null, bool? isArray = null, string? propertyName = null) : base(name, SchemaType.Data)
    {
        ArgumentNullException.ThrowIfNull(clrType);
        var item = clrType == typeof(string) || clrType == typeof(byte[]) ? null : ItemOf(clrType);
        var valueType = item ?? clrType;
        var underlying = Nullable.GetUnderlyingType(valueType);
        var nullable = underlying is not null || valueType == typeof(string) || valueType == typeof(byte[]);
        valueType = underlying ?? valueType;

        ClrType = StoredAs.GetValueOrDefault(valueType, valueType);
        if (!Supported.Contains(ClrType))
            throw new NotSupportedException(
                $"Column '{name}': type {clrType} is not supported. Allowed: {string.Join(", ", Supported.Select(t => t.Name))}, string, byte[], TimeOnly, their nullable forms and arrays."
                + (valueType == typeof(DateTimeOffset) ? " Use DateTime in UTC." : ""));
        _isNullable = isNullable ?? nullable;
        ClrNullableIfHasNullsType = NullableType;
        IsArray = isArray ?? item is not null;
        PropertyName = propertyName ?? name;
        MaxRepetitionLevel = IsArray ? 1 : 0;
    }

    /// <summary>Type of a stored value: <c>ReadOnlyMemory&lt;char&gt;</c> for strings, <c>ReadOnlyMemory&lt;byte&gt;</c> for byte arrays.</summary>
    public Type ClrType { get; }

    public Type ClrNullableIfHasNullsType { get; set; }

    public bool IsArray { get; internal set; }

    public int FieldId { get; set; } = -1;

    public override bool IsNullable
    {
        get => _isNullable;
        internal set
        {
            _isNullable = value;
            ClrNullableIfHasNullsType = NullableType;
        }
    }

    internal string PropertyName { get; }

    internal bool IsAttached { get; private set; }

    private Type NullableType => _isNullable ? typeof(Nullable<>).MakeGenericType(ClrType) : ClrType;

    private Type ComparableType => ClrType == typeof(DateOnly) ? typeof(DateTime) : ClrType;

    public object Clone() => MemberwiseClone();

    public override bool Equals(object? obj) =>
        obj is DataField other && base.Equals(obj) && ComparableType == other.ComparableType && IsNullable == other.IsNullable && IsArray == other.IsArray;

    public override int GetHashCode() => base.GetHashCode();

    public override string ToString() => $"{Path} ({ClrType}{(IsNullable ? "?" : "")}{(IsArray ? "[]" : "")})";

    internal override void Attach(FieldPath? parent, int parentRepetitionLevel, int parentDefinitionLevel)
    {
        Path = parent + new FieldPath(Name);
        MaxRepetitionLevel = parentRepetitionLevel + (IsArray ? 1 : 0);
        MaxDefinitionLevel = parentDefinitionLevel + (IsArray || IsNullable ? 1 : 0);
        IsAttached = true;
    }

    internal void ThrowUnlessAttached(string argument)
    {
        if (!IsAttached)
            throw new ArgumentException($"Column '{Name}' belongs to no schema. Construct a {nameof(ParquetSchema)} with it first, or take it from {nameof(ParquetSchema.DataFields)}.", argument);
    }

    private static Type? ItemOf(Type type)
    {
        if (type.IsArray) return type.GetElementType();
        var sequence = type.GetInterfaces().Append(type).FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>));
        return sequence?.GetGenericArguments()[0];
    }
}
