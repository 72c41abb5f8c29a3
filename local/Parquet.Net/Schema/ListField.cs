namespace Parquet.Schema;

/// <summary>
/// A list: optional group, repeated container, item. The leaf's path is <c>name/list/element</c>. Definition levels with a required item:
/// 0 null list, 1 empty list, 2 value; with a nullable item: 0 null list, 1 empty list, 2 null item, 3 value.
/// </summary>
public sealed class ListField : Field
{
    public const string ElementName = "element";
    public const string DefaultContainerName = "list";

    public ListField(string name, Field item, string containerName = DefaultContainerName) : base(name, SchemaType.List)
    {
        ArgumentNullException.ThrowIfNull(item);
        Item = item;
        ContainerName = containerName;
        Path = new FieldPath(name, containerName);
    }

    public ListField(string name, Type itemDataType, string? propertyName = null, string containerName = DefaultContainerName, string? elementName = null)
        : this(name, new DataField(elementName ?? name, itemDataType, propertyName: propertyName ?? name), containerName) { }

    public Field Item { get; }

    /// <summary>Null in lists of the old two-level form, where the item itself is the repeated field.</summary>
    internal string? ContainerName { get; init; }

    internal override IReadOnlyList<Field> Children => [Item];

    public override bool Equals(object? obj) => obj is ListField other && base.Equals(obj) && Item.Equals(other.Item);

    public override int GetHashCode() => base.GetHashCode();

    internal override void Attach(FieldPath? parent, int parentRepetitionLevel, int parentDefinitionLevel)
    {
        var container = ContainerName is null ? 0 : 1;
        Path = parent + (ContainerName is null ? new FieldPath(Name) : new FieldPath(Name, ContainerName));
        MaxRepetitionLevel = parentRepetitionLevel + container;
        MaxDefinitionLevel = parentDefinitionLevel + (IsNullable ? 1 : 0) + container;
        Item.Attach(Path, MaxRepetitionLevel, MaxDefinitionLevel);
    }
}
