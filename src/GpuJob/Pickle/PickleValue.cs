namespace LznPipeline.GpuJob.Pickle;

/// <summary>A value of a pickle and the way to it, so that a message can say what is wrong where.</summary>
/// <param name="Path">Keys and indexes from the root, such as <c>optimizer.param_groups[0].lr</c>; empty for the root.</param>
internal sealed record PickleValue(object? Value, string Path = "")
{
    internal bool IsDictionary => Value is OrderedDictionary<object, object?>;

    /// <summary>Whether it is a list or a tuple.</summary>
    internal bool IsList => Value is List<object?> or object?[];

    /// <summary>The entries of a dictionary, in order.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    internal IEnumerable<KeyValuePair<object, PickleValue>> Entries() =>
        Dictionary().Select(entry => KeyValuePair.Create(entry.Key, new PickleValue(entry.Value, Path.Length > 0 ? $"{Path}.{entry.Key}" : $"{entry.Key}")));

    /// <summary>The items of a list or a tuple.</summary>
    /// <exception cref="InvalidDataException">It is neither.</exception>
    internal IEnumerable<PickleValue> Items() =>
        (IsList ? (IReadOnlyList<object?>)Value! : throw Wrong("a list")).Select((item, index) => new PickleValue(item, $"{Path}[{index}]"));

    /// <summary>The value of a dictionary's key, or null when there is none.</summary>
    internal PickleValue? Find(object key) => Dictionary().TryGetValue(key, out var value) ? new PickleValue(value, Path.Length > 0 ? $"{Path}.{key}" : $"{key}") : null;

    /// <exception cref="InvalidDataException">There is no such key.</exception>
    internal PickleValue Get(object key) => Find(key) ?? throw new InvalidDataException($"{(Path.Length > 0 ? Path : "it")} lacks the key '{key}'.");

    internal long Number() => Value as long? ?? throw Wrong("a whole number");

    internal double Fraction() => Value is long whole ? whole : Value as double? ?? throw Wrong("a number");

    internal bool Flag() => Value as bool? ?? throw Wrong("True or False");

    internal TorchTensor Tensor() => Value as TorchTensor ?? throw Wrong("a tensor");

    private OrderedDictionary<object, object?> Dictionary() => Value as OrderedDictionary<object, object?> ?? throw Wrong("a dictionary");

    private InvalidDataException Wrong(string expected) => new($"{(Path.Length > 0 ? Path : "its content")} is {Value switch
    {
        null => "None",
        TorchTensor => "a tensor",
        string text => $"'{text}'",
        OrderedDictionary<object, object?> => "a dictionary",
        List<object?> or object?[] => "a list",
        _ => Value,
    }}; it should be {expected}.");
}
