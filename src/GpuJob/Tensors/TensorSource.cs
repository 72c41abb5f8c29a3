using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tensors;

/// <summary>A tensor that is about to be written: what a header says of it, and its elements when their turn comes, so that a large file never stands in memory as a whole.</summary>
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
