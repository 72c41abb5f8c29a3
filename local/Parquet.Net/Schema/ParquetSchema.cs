namespace Parquet.Schema;

/// <summary>The columns of a file. Constructing it settles paths and levels of the fields given.</summary>
public class ParquetSchema : IEquatable<ParquetSchema>
{
    public ParquetSchema(IEnumerable<Field> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        Fields = fields.ToArray();
        if (Fields.Count == 0) throw new ArgumentException("A schema needs at least one field.", nameof(fields));
        foreach (var field in Fields) field.Attach(parent: null, 0, 0);
        DataFields = Flatten().OfType<DataField>().ToArray();
    }

    public ParquetSchema(params Field[] fields) : this((IEnumerable<Field>)fields) { }

    public IReadOnlyList<Field> Fields { get; }

    /// <summary>The columns, in the order in which a row group writes them.</summary>
    public DataField[] DataFields { get; }

    public Field this[int i] => Fields[i];

    public DataField[] GetDataFields() => DataFields;

    public DataField FindDataField(string path) => FindDataField(new FieldPath(path));

    public DataField FindDataField(FieldPath path) =>
        DataFields.FirstOrDefault(field => field.Path.Equals(path))
        ?? throw new ArgumentException($"Column '{path}' is not in the schema. It has: {string.Join(", ", DataFields.Select(f => f.Path))}.", nameof(path));

    /// <summary>All fields, parents before their children.</summary>
    public IReadOnlyCollection<Field> Flatten() => Fields.SelectMany(WithDescendants).ToArray();

    /// <summary>Equal columns: path, type, nullability, repetition. Groups count only through their columns.</summary>
    public bool Equals(ParquetSchema? other) => other is not null && DataFields.SequenceEqual(other.DataFields);

    public override bool Equals(object? obj) => Equals(obj as ParquetSchema);

    public override int GetHashCode() => DataFields.Aggregate(1, HashCode.Combine);

    public override string ToString() => string.Join(Environment.NewLine, Fields);

    private static IEnumerable<Field> WithDescendants(Field field) => field.Children.SelectMany(WithDescendants).Prepend(field);
}
