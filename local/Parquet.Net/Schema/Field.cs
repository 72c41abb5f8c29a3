using Parquet.Meta;

namespace Parquet.Schema;

/// <summary>A node of the schema: a column, or a group of columns.</summary>
public abstract class Field
{
    private bool _isNullable;

    protected Field(string name, SchemaType schemaType)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
        SchemaType = schemaType;
        _isNullable = schemaType != SchemaType.Data;   // groups are, unless a file says otherwise
        Path = new FieldPath(name);
    }

    public string Name { get; }

    public SchemaType SchemaType { get; }

    public FieldPath Path { get; internal set; }

    public virtual bool IsNullable
    {
        get => _isNullable;
        internal set => _isNullable = value;
    }

    /// <summary>How many lists enclose the values: 0 for a flat column, 1 in a list.</summary>
    public int MaxRepetitionLevel { get; protected set; }

    /// <summary>Definition level at which a value is there; every level below says which ancestor is null or empty.</summary>
    public int MaxDefinitionLevel { get; protected set; }

    /// <summary>The stored description; null for a field that was not read from a file.</summary>
    public SchemaElement? SchemaElement { get; internal set; }

    internal virtual IReadOnlyList<Field> Children => [];

    public override bool Equals(object? obj) => obj is Field other && SchemaType == other.SchemaType && Name == other.Name && Path.Equals(other.Path);

    public override int GetHashCode() => Path.GetHashCode();

    public override string ToString() => $"{Path} ({SchemaType}, RL: {MaxRepetitionLevel}, DL: {MaxDefinitionLevel})";

    /// <summary>Settles path and levels of this field and everything below it, once its place in a schema is known.</summary>
    internal abstract void Attach(FieldPath? parent, int parentRepetitionLevel, int parentDefinitionLevel);
}
