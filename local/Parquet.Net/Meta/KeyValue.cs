using Parquet.Meta.Proto;

namespace Parquet.Meta;

/// <summary>An entry of file or column metadata.</summary>
public class KeyValue
{
    internal static ThriftStruct<KeyValue> Layout { get; } = new ThriftStruct<KeyValue>()
        .Text(1, p => p.Key, (p, v) => p.Key = v, required: true)
        .Text(2, p => p.Value, (p, v) => p.Value = v);

    public string Key { get; set; } = "";

    public string? Value { get; set; }
}
