using System.Buffers.Binary;

namespace System.IO.Hashing;

/// <summary>CRC-64 of ECMA-182, annex B: polynomial 0x42F0E1EBA9EA3693, initial and final value zero. The hash is big-endian.</summary>
public sealed class Crc64 : NonCryptographicHashAlgorithm
{
    private static readonly ulong[] Table = [.. Enumerable.Range(0, 256).Select(Entry)];

    private ulong _crc;

    public Crc64() : base(sizeof(ulong)) { }

    public static byte[] Hash(byte[] source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Hash((ReadOnlySpan<byte>)source);
    }

    public static byte[] Hash(ReadOnlySpan<byte> source)
    {
        var hash = new byte[sizeof(ulong)];
        Hash(source, hash);
        return hash;
    }

    /// <returns>Bytes written.</returns>
    public static int Hash(ReadOnlySpan<byte> source, Span<byte> destination) => TryHash(source, destination, out var written) ? written : throw TooShort(destination, sizeof(ulong));

    public static bool TryHash(ReadOnlySpan<byte> source, Span<byte> destination, out int bytesWritten)
    {
        var fits = BinaryPrimitives.TryWriteUInt64BigEndian(destination, Update(0, source));
        bytesWritten = fits ? sizeof(ulong) : 0;
        return fits;
    }

    public override void Append(ReadOnlySpan<byte> source) => _crc = Update(_crc, source);

    public override void Reset() => _crc = 0;

    protected override void GetCurrentHashCore(Span<byte> destination) => BinaryPrimitives.WriteUInt64BigEndian(destination, _crc);

    private static ulong Update(ulong crc, ReadOnlySpan<byte> source)
    {
        foreach (var next in source) crc = (crc << 8) ^ Table[(byte)(crc >> 56) ^ next];
        return crc;
    }

    private static ulong Entry(int index)
    {
        var entry = (ulong)index << 56;
        for (var bit = 0; bit < 8; bit++) entry = entry >> 63 == 0 ? entry << 1 : (entry << 1) ^ 0x42F0E1EBA9EA3693ul;
        return entry;
    }
}
