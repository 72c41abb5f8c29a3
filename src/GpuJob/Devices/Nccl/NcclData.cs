using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Devices.Nccl;

/// <summary>A tensor as NCCL is told of it.</summary>
/// <param name="Address">Of its first value, on its device.</param> <param name="Type">Its <c>ncclDataType_t</c>.</param>
internal sealed record NcclData(nint Address, long Count, int Type)
{
    /// <param name="tensor">Contiguous.</param>
    /// <exception cref="NotSupportedException">It has a type that is never exchanged, and whose address the package does not tell.</exception>
    internal static NcclData Of(Tensor tensor) => tensor.dtype switch
    {
        ScalarType.Byte => At<byte>(tensor, 1),
        ScalarType.Int32 => At<int>(tensor, 2),
        ScalarType.Int64 => At<long>(tensor, 4),
        ScalarType.Float32 => At<float>(tensor, 7),
        ScalarType.Float64 => At<double>(tensor, 8),
        var other => throw new NotSupportedException($"Tensors of {other} are not exchanged. Allowed: Byte, Int32, Int64, Float32, Float64."),
    };

    /// <typeparam name="T">The tensor's own: the storage as another type would be that of a converted copy.</typeparam>
    private static NcclData At<T>(Tensor tensor, int type)
        where T : unmanaged
    {
        using var scope = NewDisposeScope();
        return new NcclData(tensor.storage<T>().data_ptr() + (nint)(tensor.storage_offset() * tensor.element_size()), tensor.numel(), type);
    }
}
