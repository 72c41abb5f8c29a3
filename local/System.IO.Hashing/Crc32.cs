using System.Buffers.Binary;

namespace System.IO.Hashing;

/// <summary>CRC-32 of IEEE 802.3 (zip, PNG): reflected polynomial 0xEDB88320, initial and final value all ones. The hash is little-endian.</summary>
public sealed class Crc32 : NonCryptographicHashAlgorithm
{
    private const uint Start = uint.MaxValue;
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(Entry)];

    private uint _crc = Start;

    public Crc32() : base(sizeof(uint)) { }

    public static byte[] Hash(byte[] source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Hash((ReadOnlySpan<byte>)source);
    }

    public static byte[] Hash(ReadOnlySpan<byte> source)
    {
        var hash = new byte[sizeof(uint)];
        Hash(source, hash);
        return hash;
    }

    /// <returns>Bytes written.</returns>
    public static int Hash(ReadOnlySpan<byte> source, Span<byte> destination) => TryHash(source, destination, out var written) ? written : throw TooShort(destination, sizeof(uint));

    public static bool TryHash(ReadOnlySpan<byte> source, Span<byte> destination, out int bytesWritten)
    {
        var fits = BinaryPrimitives.TryWriteUInt32LittleEndian(destination, ~Update(Start, source));
        bytesWritten = fits ? sizeof(uint) : 0;
        return fits;
    }

    public override void Append(ReadOnlySpan<byte> source) => _crc = Update(_crc, source);

    public override void Reset() => _crc = Start;

    protected override void GetCurrentHashCore(Span<byte> destination) => BinaryPrimitives.WriteUInt32LittleEndian(destination, ~_crc);

    private static uint Update(uint crc, ReadOnlySpan<byte> source)
    {
        foreach (var next in source) crc = (crc >> 8) ^ Table[(byte)crc ^ next];
        return crc;
    }

    private static uint Entry(int index)
    {
        var entry = (uint)index;
        for (var bit = 0; bit < 8; bit++) entry = (entry & 1) == 0 ? entry >> 1 : (entry >> 1) ^ 0xEDB88320u;
        return entry;
    }
}
