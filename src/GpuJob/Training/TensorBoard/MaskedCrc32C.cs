using System.Buffers.Binary;
using System.Numerics;

namespace LznPipeline.GpuJob.Training.TensorBoard;

/// <summary>The checksum of TensorFlow's records: CRC-32C (RFC 3720, appendix B.4), turned and shifted, so that the checksum of data with checksums in it is none of these.</summary>
internal static class MaskedCrc32C
{
    private const uint Shift = 0xa282ead8;

    internal static uint Of(ReadOnlySpan<byte> data) => BitOperations.RotateRight(Unmasked(data), 15) + Shift;

    internal static uint Unmasked(ReadOnlySpan<byte> data)
    {
        var crc = ~0u;
        for (; data.Length >= sizeof(ulong); data = data[sizeof(ulong)..])
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(data));
        foreach (var rest in data)
            crc = BitOperations.Crc32C(crc, rest);
        return ~crc;
    }
}
