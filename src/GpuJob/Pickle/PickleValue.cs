using LznPipeline.GpuJob.Tensors;

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
    internal PickleValue? Find(object key) =>
        Dictionary().TryGetValue(key, out var value) ? new PickleValue(value, Path.Length > 0 ? $"{Path}.{key}" : $"{key}") : null;

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

/// <summary>A Python class or function that a pickle names. Nothing is ever looked up or run by it.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    /// <summary>The class of dictionaries that keep their order. Those read here do anyway.</summary>
    internal static PickleGlobal OrderedDict { get; } = new("collections", "OrderedDict");

    /// <summary>(storage, offset, shape, strides, requires grad, hooks, and in newer files metadata) to a tensor.</summary>
    internal static PickleGlobal RebuildTensor { get; } = new("torch._utils", "_rebuild_tensor_v2");

    /// <summary>(tensor, requires grad, hooks) to a parameter, which is a tensor here.</summary>
    internal static PickleGlobal RebuildParameter { get; } = new("torch._utils", "_rebuild_parameter");

    /// <summary>All that a checkpoint may name.</summary>
    private static readonly Dictionary<PickleGlobal, PickleGlobal> Allowed =
        new[] { OrderedDict, RebuildTensor, RebuildParameter }.Concat(TensorType.All.Select(Storage)).ToDictionary(each => each);

    /// <summary>The names of all that a checkpoint may name.</summary>
    internal static string AllowedNames { get; } = string.Join(", ", Allowed.Keys);

    /// <summary>A class of storages.</summary>
    internal static PickleGlobal Storage(TensorType type) => new("torch", type.Storage);

    internal static PickleGlobal? Find(string module, string name) => Allowed.GetValueOrDefault(new PickleGlobal(module, name));

    public override string ToString() => $"{Module}.{Name}";
}

/// <summary>What the names in a pickle stand for. A pickle can make nothing but what is known here.</summary>
internal interface IPickleObjects
{
    /// <summary>Says in a message what such a pickle is made of.</summary>
    string Needs { get; }

    /// <summary>Whether such a pickle has Python's bytes, which are Python 2's texts.</summary>
    bool HasBytes { get; }

    /// <summary>The names that are known, for messages.</summary>
    string AllowedNames { get; }

    /// <summary>Null for a name that is not known; then the pickle is refused.</summary>
    PickleGlobal? Find(string module, string name);

    /// <summary>What calling a name gives.</summary>
    /// <exception cref="InvalidDataException">It cannot be called, or not with such arguments.</exception>
    object? Make(PickleGlobal callee, object?[] arguments);

    /// <summary>What a persistent id refers to outside of the pickle.</summary>
    /// <exception cref="InvalidDataException">It refers to something that is not known.</exception>
    object? Find(object? id);

    /// <summary>Gives an object its state.</summary>
    /// <returns>False for an object that takes none, or not this; then the pickle is refused.</returns>
    bool TrySetState(object? target, object? state);
}

/// <summary>Elements of a checkpoint that one or more tensors look at.</summary>
/// <param name="Key">Its name in the archive, <c>data/KEY</c>.</param> <param name="Count">Elements.</param>
internal sealed record TorchStorage(string Key, TensorType Type, long Count);

/// <summary>A tensor of a checkpoint, as its pickle describes it. No element is read before it is asked for.</summary>
/// <param name="Offset">Index of its first element in the storage.</param> <param name="Strides">In elements, one for each dimension.</param>
internal sealed record TorchTensor(TorchStorage Storage, long Offset, long[] Shape, long[] Strides)
{
    /// <summary>Elements of an expanded tensor that are believed: a file of a few bytes could claim any number.</summary>
    private const long MaxExpanded = 1L << 28;

    /// <summary>libtorch's own bound.</summary>
    private const int MaxDimensions = 64;

    internal long Count => Shape.Aggregate(1L, (product, extent) => product * extent);

    /// <summary>Elements of the storage from the first to the last that this tensor looks at.</summary>
    internal long Span => Count == 0 ? 0 : 1 + Shape.Zip(Strides, (extent, stride) => (extent - 1) * stride).Sum();

    /// <summary>Whether its elements lie in the order of its shape, without gaps.</summary>
    internal bool IsContiguous
    {
        get
        {
            var expected = 1L;
            for (var dimension = Shape.Length - 1; dimension >= 0; dimension--)
            {
                if (Shape[dimension] != 1 && Strides[dimension] != expected)
                    return Count == 0;
                expected *= Shape[dimension];
            }

            return true;
        }
    }

    /// <summary>A tensor that lies within its storage. One that was expanded has more elements than that, for a stride may be 0.</summary>
    /// <exception cref="InvalidDataException">It does not.</exception>
    internal static TorchTensor Checked(TorchStorage storage, long offset, long[] shape, long[] strides)
    {
        // Formed in Int128 and cut off early: hostile extents overflow a long into something harmless.
        var (count, bound, last) = (Int128.One, Int128.One, (Int128)offset);
        var plausible = offset >= 0 && shape.Length == strides.Length && shape.Length <= MaxDimensions
            && shape.All(extent => extent >= 0) && strides.All(stride => stride >= 0);
        foreach (var (extent, stride) in plausible ? shape.Zip(strides) : [])
        {
            count = Int128.Min(count * extent, long.MaxValue);
            bound = Int128.Min(bound * Math.Max(extent, 1), long.MaxValue);
            last = Int128.Min(last + (Int128)Math.Max(extent - 1, 0) * stride, long.MaxValue);
        }

        if (!plausible || bound == long.MaxValue || count > Math.Max(storage.Count, MaxExpanded) || (count > 0 && last >= storage.Count))
            throw new InvalidDataException($"a tensor of shape [{string.Join(", ", shape)}], strides [{string.Join(", ", strides)}] and offset {offset} "
                + $"does not lie within its storage '{storage.Key}' of {storage.Count} elements.");
        return new TorchTensor(storage, offset, shape, strides);
    }
}
