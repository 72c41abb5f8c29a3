using System.Text;
using LznPipeline.GpuJob.Pickle;

namespace LznPipeline.GpuJob.Data.Sources.Layouts;

/// <summary>What the names in a pickle of NumPy arrays of bytes stand for.</summary>
internal sealed class NumpyObjects : IPickleObjects
{
    private static readonly PickleGlobal[] Reconstruct = [new("numpy.core.multiarray", "_reconstruct"), new("numpy._core.multiarray", "_reconstruct")];
    private static readonly PickleGlobal ArrayClass = new("numpy", "ndarray");
    private static readonly PickleGlobal TypeClass = new("numpy", "dtype");

    public string Needs => "A batch of images needs only arrays of bytes, numbers, texts, lists and dictionaries";

    public bool HasBytes => true;

    public string AllowedNames => string.Join(", ", [.. Reconstruct, ArrayClass, TypeClass]);

    public PickleGlobal? Find(string module, string name) =>
        new PickleGlobal(module, name) is var global && (global == ArrayClass || global == TypeClass || Reconstruct.Contains(global)) ? global : null;

    public object? Make(PickleGlobal callee, object?[] arguments) => arguments switch
    {
        [PickleGlobal made, ..] when Reconstruct.Contains(callee) && made == ArrayClass => new NumpyArray(),
        ["u1" or "|u1", ..] when callee == TypeClass => NumpyArray.Bytes,
        [string type, ..] when callee == TypeClass => throw new InvalidDataException($"an array has elements of type '{type}'; images have 'u1'."),
        _ => throw new InvalidDataException($"it calls '{callee}' with {arguments.Length} arguments that do not fit."),
    };

    public object? Find(object? id) => throw new InvalidDataException("it refers to something outside of it.");

    /// <summary>An array's state is (version, shape, type, whether columns lie together, elements).</summary>
    public bool TrySetState(object? target, object? state)
    {
        if (target is NumpyArray.ElementType)
            return true;        // byte order and the like, which bytes have not
        return target is NumpyArray array && state is object?[] and [_, object?[] shape, NumpyArray.ElementType, bool byColumns, string elements]
            && array.TryFill([.. shape.OfType<long>()], byColumns, Encoding.Latin1.GetBytes(elements));
    }
}

/// <summary>An array of bytes.</summary>
internal sealed class NumpyArray
{
    internal static readonly ElementType Bytes = new();

    internal long[] Shape { get; private set; } = [];

    /// <summary>Row by row.</summary>
    internal byte[] Elements { get; private set; } = [];

    /// <returns>False if the elements are not as many as the shape says.</returns>
    internal bool TryFill(long[] shape, bool byColumns, byte[] elements)
    {
        if (shape.Aggregate(1.0, (product, length) => product * length) != elements.Length || byColumns && shape.Length != 2)
            return false;
        (Shape, Elements) = (shape, byColumns ? Transposed(elements, (int)shape[0], (int)shape[1]) : elements);
        return true;
    }

    private static byte[] Transposed(byte[] columns, int height, int width)
    {
        var rows = new byte[columns.Length];
        for (var index = 0; index < rows.Length; index++)
            rows[index] = columns[index % width * height + index / width];
        return rows;
    }

    internal sealed class ElementType;
}
