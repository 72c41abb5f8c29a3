namespace Parquet.Schema;

/// <summary>A group of named fields.</summary>
public class StructField : Field, IEquatable<StructField>
{
    public StructField(string name, params Field[] elements) : base(name, SchemaType.Struct)
    {
        ArgumentNullException.ThrowIfNull(elements);
        if (elements.Length == 0) throw new ArgumentException($"Struct '{name}' has no fields; it needs at least one.", nameof(elements));
        Fields = elements;
    }

    public IReadOnlyList<Field> Fields { get; }

    internal override IReadOnlyList<Field> Children => Fields;

    public bool Equals(StructField? other) => other is not null && base.Equals(other) && Fields.SequenceEqual(other.Fields);

    public override bool Equals(object? obj) => Equals(obj as StructField);

    public override int GetHashCode() => base.GetHashCode();

    internal override void Attach(FieldPath? parent, int parentRepetitionLevel, int parentDefinitionLevel)
    {
        Path = parent + new FieldPath(Name);
        MaxRepetitionLevel = parentRepetitionLevel;
        MaxDefinitionLevel = parentDefinitionLevel + (IsNullable ? 1 : 0);
        foreach (var field in Fields) field.Attach(Path, MaxRepetitionLevel, MaxDefinitionLevel);
    }
}
