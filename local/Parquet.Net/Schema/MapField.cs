namespace Parquet.Schema;

/// <summary>A map: a list of key and value pairs.</summary>
public sealed class MapField : Field
{
    internal const string DefaultContainerName = "key_value";

    public MapField(string name, Field keyField, Field valueField) : base(name, SchemaType.Map)
    {
        ArgumentNullException.ThrowIfNull(keyField);
        ArgumentNullException.ThrowIfNull(valueField);
        if (keyField is DataField { IsNullable: true }) throw new ArgumentException($"Map '{name}': its key '{keyField.Name}' is nullable; make it required.", nameof(keyField));
        Key = keyField;
        Value = valueField;
        Path = new FieldPath(name, ContainerName);
    }

    public Field Key { get; }

    public Field Value { get; }

    internal string ContainerName { get; init; } = DefaultContainerName;

    internal override IReadOnlyList<Field> Children => [Key, Value];

    public override bool Equals(object? obj) => obj is MapField other && base.Equals(obj) && Key.Equals(other.Key) && Value.Equals(other.Value);

    public override int GetHashCode() => base.GetHashCode();

    internal override void Attach(FieldPath? parent, int parentRepetitionLevel, int parentDefinitionLevel)
    {
        Path = parent + new FieldPath(Name, ContainerName);
        MaxRepetitionLevel = parentRepetitionLevel + 1;
        MaxDefinitionLevel = parentDefinitionLevel + (IsNullable ? 1 : 0) + 1;
        foreach (var child in Children) child.Attach(Path, MaxRepetitionLevel, MaxDefinitionLevel);
    }
}
