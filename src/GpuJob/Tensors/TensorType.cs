using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tensors;

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
