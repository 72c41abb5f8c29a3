using System.Buffers.Binary;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tensors;

/// <summary>
/// A tensor that is about to be written: what a header says of it, and its elements when their turn comes,
/// so that a large file never stands in memory as a whole.
/// </summary>
/// <param name="Read">Gives the tensor; it may be a new one, which then ends with the caller's dispose scope.</param>
internal sealed record TensorSource(TensorType Type, long[] Shape, Func<Tensor> Read)
{
    /// <summary>A tensor that is there.</summary>
    internal static TensorSource Of(Tensor tensor) => new(TensorType.Of(tensor.dtype), tensor.shape, () => tensor);

    internal long Count => Shape.Aggregate(1L, (product, extent) => product * extent);

    internal long Bytes => Count * Type.Size;

    /// <summary>Writes the elements.</summary>
    internal void WriteTo(Stream to)
    {
        using var scope = NewDisposeScope();
        TensorBytes.Write(Read(), to);
    }
}

/// <summary>An element type, and what the file formats call it.</summary>
/// <param name="Size">Bytes of an element.</param> <param name="Safetensors">The name in a safetensors header.</param>
/// <param name="Storage">The class of PyTorch's storages of this type, in the module <c>torch</c>.</param>
internal sealed record TensorType(ScalarType Type, int Size, string Safetensors, string Storage)
{
    internal static IReadOnlyList<TensorType> All { get; } =
    [
        new(ScalarType.Float64, 8, "F64", "DoubleStorage"),
        new(ScalarType.Float32, 4, "F32", "FloatStorage"),
        new(ScalarType.Float16, 2, "F16", "HalfStorage"),
        new(ScalarType.BFloat16, 2, "BF16", "BFloat16Storage"),
        new(ScalarType.Int64, 8, "I64", "LongStorage"),
        new(ScalarType.Int32, 4, "I32", "IntStorage"),
        new(ScalarType.Int16, 2, "I16", "ShortStorage"),
        new(ScalarType.Int8, 1, "I8", "CharStorage"),
        new(ScalarType.Byte, 1, "U8", "ByteStorage"),
        new(ScalarType.Bool, 1, "BOOL", "BoolStorage"),
    ];

    /// <exception cref="NotSupportedException">The files hold none of that type.</exception>
    internal static TensorType Of(ScalarType type) => All.FirstOrDefault(each => each.Type == type)
        ?? throw new NotSupportedException($"Tensors of type {type} are not written. Known: {string.Join(", ", All.Select(each => each.Type))}.");
}

/// <summary>An element type of safetensors files that TorchSharp does not have: it is read as one that holds all its values, or nearly.</summary>
/// <param name="Size">Bytes of an element.</param>
/// <param name="Widen">Turns elements into those of <paramref name="As"/>.</param>
internal sealed record WidenedType(string Safetensors, int Size, ScalarType As, Action<byte[], Tensor> Widen)
{
    internal static IReadOnlyList<WidenedType> All { get; } =
    [
        new("F8_E4M3", 1, ScalarType.Float32, (bytes, into) => Fill<float>(bytes, 1, into, element => Float8.E4M3[element[0]])),
        new("F8_E5M2", 1, ScalarType.Float32, (bytes, into) => Fill<float>(bytes, 1, into, element => Float8.E5M2[element[0]])),
        new("U16", 2, ScalarType.Int32, (bytes, into) => Fill<int>(bytes, 2, into, element => BinaryPrimitives.ReadUInt16LittleEndian(element))),
        new("U32", 4, ScalarType.Int64, (bytes, into) => Fill<long>(bytes, 4, into, element => BinaryPrimitives.ReadUInt32LittleEndian(element))),
        new("U64", 8, ScalarType.Int64, (bytes, into) => Fill<long>(bytes, 8, into, element => Signed(BinaryPrimitives.ReadUInt64LittleEndian(element)))),
    ];

    private delegate T Element<out T>(ReadOnlySpan<byte> bytes);

    private static long Signed(ulong value) =>
        value <= long.MaxValue ? (long)value : throw new InvalidDataException($"it has the number {value}; up to {long.MaxValue} can be read");

    private static void Fill<T>(byte[] bytes, int size, Tensor into, Element<T> element)
        where T : unmanaged
    {
        var values = MemoryMarshal.Cast<byte, T>(into.bytes);
        for (var index = 0; index < values.Length; index++)
            values[index] = element(bytes.AsSpan(index * size, size));
    }
}

/// <summary>The values of the two 8-bit floating-point types (Micikevicius et al. 2022, arXiv:2209.05433, table 1), by their bits.</summary>
internal static class Float8
{
    /// <summary>Four bits of exponent, three of mantissa; no infinities, and all ones are NaN.</summary>
    internal static float[] E4M3 { get; } = Table(exponentBits: 4, mantissaBits: 3, isSpecial: (exponent, mantissa) => exponent == 15 && mantissa == 7);

    /// <summary>Five bits of exponent, two of mantissa; infinities and NaN as IEEE 754 has them.</summary>
    internal static float[] E5M2 { get; } = Table(exponentBits: 5, mantissaBits: 2, isSpecial: (exponent, _) => exponent == 31);

    private static float[] Table(int exponentBits, int mantissaBits, Func<int, int, bool> isSpecial)
    {
        var (bias, values) = ((1 << (exponentBits - 1)) - 1, new float[1 << 8]);
        for (var bits = 0; bits < values.Length; bits++)
        {
            var (exponent, mantissa) = ((bits >> mantissaBits) & ((1 << exponentBits) - 1), bits & ((1 << mantissaBits) - 1));
            var part = mantissa / (float)(1 << mantissaBits);
            var magnitude = isSpecial(exponent, mantissa)
                ? mantissa == 0 ? float.PositiveInfinity : float.NaN
                : exponent == 0 ? MathF.ScaleB(part, 1 - bias) : MathF.ScaleB(1 + part, exponent - bias);
            values[bits] = bits >= 1 << 7 ? -magnitude : magnitude;
        }

        return values;
    }
}

/// <summary>Compares the tensors that a file has with those that are needed, by element type and shape, written like <c>F32 [4, 8, 1, 1]</c>.</summary>
internal static class TensorForms
{
    internal static string Of(Tensor tensor) => Of(TensorType.Of(tensor.dtype), tensor.shape);

    internal static string Of(TensorType type, IEnumerable<long> shape) => $"{type.Safetensors} [{string.Join(", ", shape)}]";

    /// <summary>All differences, those of needed tensors first, in their order.</summary>
    internal static IEnumerable<TensorDifference> Differences(IReadOnlyDictionary<string, string> needed, IReadOnlyDictionary<string, string> given) =>
        needed.Select(each => new TensorDifference(each.Key, each.Value, given.GetValueOrDefault(each.Key)))
            .Concat(given.Where(each => !needed.ContainsKey(each.Key)).Select(each => new TensorDifference(each.Key, null, each.Value)))
            .Where(each => each.Needed != each.Given);
}

/// <summary>What is wrong with one tensor.</summary>
/// <param name="Needed">Its form; null if it is not needed.</param> <param name="Given">Its form in the file; null if it is not there.</param>
internal sealed record TensorDifference(string Name, string? Needed, string? Given)
{
    internal bool IsUnexpected => Needed is null;

    public override string ToString() => (Needed, Given) switch
    {
        (null, _) => $"{Name}: unexpected, {Given}",
        (_, null) => $"{Name}: missing, {Needed}",
        _ => $"{Name}: {Given}, needed {Needed}",
    };
}

/// <summary>Moves the elements of tensors to and from streams, part by part: a span ends at 2 GB, a tensor does not.</summary>
internal static class TensorBytes
{
    private const int PartBytes = 1 << 24;

    /// <summary>Writes the elements in the order of the shape, whatever the tensor's strides and device.</summary>
    internal static void Write(Tensor tensor, Stream to)
    {
        using var scope = NewDisposeScope();
        foreach (var part in Parts(tensor.detach().cpu().contiguous()))
            to.Write(part.bytes);
    }

    /// <summary>Fills a tensor with the next bytes of a stream.</summary>
    /// <param name="into">Contiguous, on the CPU.</param>
    /// <exception cref="EndOfStreamException">The stream ends before the tensor is full.</exception>
    internal static void Read(Stream from, Tensor into)
    {
        using var scope = NewDisposeScope();
        foreach (var part in Parts(into))
            from.ReadExactly(part.bytes);
    }

    private static IEnumerable<Tensor> Parts(Tensor contiguous)
    {
        var (count, most) = (contiguous.numel(), PartBytes / contiguous.element_size());
        var flat = contiguous.view(count);
        for (var start = 0L; start < count; start += most)
        {
            using var part = flat.narrow(0, start, Math.Min(most, count - start));
            yield return part;
        }
    }
}

/// <summary>Looks at tensors on their way through: which of them hold NaN or infinity?</summary>
internal sealed class FiniteCheck
{
    private readonly List<string> _broken = [];

    /// <summary>Names of the tensors that do, as far as they were read.</summary>
    internal IReadOnlyList<string> Broken => _broken;

    /// <summary>The same tensor, looked at when it is read.</summary>
    internal TensorSource Watch(string name, TensorSource source) => source with
    {
        Read = () =>
        {
            var tensor = source.Read();
            if (!tensor.isfinite().all().item<bool>())
                _broken.Add(name);
            return tensor;
        },
    };
}
