namespace TorchSharp.Utils;

/// <summary>Whole numbers in 7-bit groups, low ones first: how the package's files store counts, types and shapes.</summary>
internal static class LEB128
{
    internal static void Encode(this BinaryWriter writer, long value) => writer.Write7BitEncodedInt64(value);

    internal static long Decode(this BinaryReader reader) => reader.Read7BitEncodedInt64();
}
