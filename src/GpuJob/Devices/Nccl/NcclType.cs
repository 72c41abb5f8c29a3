using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Devices.Nccl;

/// <summary>NCCL's names for the types of tensors (<c>ncclDataType_t</c>).</summary>
internal static class NcclType
{
    /// <exception cref="NotSupportedException">NCCL cannot carry it.</exception>
    internal static int Of(ScalarType type) => type switch
    {
        ScalarType.Int8 => 0,
        ScalarType.Byte => 1,
        ScalarType.Int32 => 2,
        ScalarType.Int64 => 4,
        ScalarType.Float16 => 6,
        ScalarType.Float32 => 7,
        ScalarType.Float64 => 8,
        ScalarType.BFloat16 => 9,
        _ => throw new NotSupportedException($"NCCL carries no tensors of {type}. Allowed: 8, 32 and 64-bit integers, and floating point numbers."),
    };
}
