using System.Runtime.InteropServices;
using Lzn.Torch.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>A tensor from an array of any rank, with a copy of its elements.</summary>
    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device);

    public static Tensor from_array(Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        var shape = new long[rawArray.Rank];
        for (var i = 0; i < shape.Length; i++) shape[i] = rawArray.GetLongLength(i);
        return FromMemory(Bytes(rawArray), shape, ScalarTypeOf(rawArray.GetType().GetElementType()!), dtype, device, requires_grad, names);
    }

    public static Tensor as_tensor(Array data, ScalarType? dtype = null, Device? device = null) => from_array(data, dtype, device);

    public static Tensor as_tensor(Tensor data, ScalarType? dtype = null, Device? device = null) =>
        data.WillCopy(dtype ?? data.dtype, device ?? data.device) ? data.to(dtype ?? data.dtype, device ?? data.device) : data.alias();

    /// <summary>A one-dimensional tensor from count elements of the bytes of an array, beginning at a byte offset.</summary>
    public static Tensor frombuffer(Array rawArray, ScalarType dtype, long count = -1, long offset = 0, bool requires_grad = false)
    {
        var bytes = Bytes(rawArray)[(int)offset..];
        var size = dtype.ElementSize();
        var elements = count < 0 ? bytes.Length / size : count;
        return FromMemory(bytes[..(int)(elements * size)], [elements], dtype, null, null, requires_grad, null);
    }

    private static Span<byte> Bytes(Array array) => MemoryMarshal.CreateSpan(
        ref MemoryMarshal.GetArrayDataReference(array), checked((int)(array.LongLength * ScalarTypeOf(array.GetType().GetElementType()!).ElementSize())));

    /// <summary>The one way in for elements of .NET: a copy to the CPU, then the conversions asked for.</summary>
    private static unsafe Tensor FromMemory(
        ReadOnlySpan<byte> bytes, ReadOnlySpan<long> shape, ScalarType source, ScalarType? dtype, Device? device, bool requiresGrad, string[]? names)
    {
        Tensor tensor;
        fixed (byte* data = bytes)
        fixed (long* sizes = shape)
            tensor = new Tensor(Native.Check(Native.lzn_from_memory(data, bytes.Length, sizes, shape.Length, (int)source), nameof(torch.tensor)));
        var target = device ?? get_default_device();
        if (tensor.WillCopy(dtype ?? source, target)) tensor = tensor.to(dtype ?? source, target, disposeAfter: true);
        return Finish(tensor, requiresGrad, names);
    }

    private static Tensor FromSpan<T>(
        ReadOnlySpan<T> values, ReadOnlySpan<long> shape, ScalarType? dtype, Device? device, bool requiresGrad, string[]? names) where T : unmanaged
    {
        var wanted = 1L;
        foreach (var size in shape) wanted *= size;
        if (wanted > values.Length)
            throw new ArgumentException($"mismatched total size creating a tensor from an array: {wanted} vs. {values.Length}", nameof(values));
        return FromMemory(MemoryMarshal.AsBytes(values[..(int)wanted]), shape, ScalarTypeOf(typeof(T)), dtype, device, requiresGrad, names);
    }

    private static Tensor Finish(Tensor tensor, bool requiresGrad, string[]? names)
    {
        if (names is not null) throw new NotSupportedException("Named dimensions are not part of this binding; leave names out.");
        return requiresGrad ? tensor.requires_grad_() : tensor;
    }
}
