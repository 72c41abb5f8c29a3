namespace Parquet.Schema;

/// <summary>Kind of a <see cref="Field"/>.</summary>
public enum SchemaType
{
    Data,
    Map,
    Struct,
    List,
}
