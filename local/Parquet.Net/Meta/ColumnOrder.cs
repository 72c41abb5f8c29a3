using Parquet.Meta.Proto;

namespace Parquet.Meta;

/// <summary>Which order minimum and maximum follow; without it readers ignore them.</summary>
public class ColumnOrder
{
    internal static ThriftStruct<ColumnOrder> Layout { get; } = new ThriftStruct<ColumnOrder>()
        .Struct(1, new ThriftStruct<TypeDefinedOrder>(), o => o.TYPEORDER, (o, v) => o.TYPEORDER = v);

    public TypeDefinedOrder? TYPEORDER { get; set; }
}

/// <summary>The order that the column's type has by definition.</summary>
public class TypeDefinedOrder;
