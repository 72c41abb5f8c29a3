using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace LznPipeline.GpuJob.Checkpoints;

/// <summary>
/// The SHA-256 of a safetensors file in its own metadata, so that it goes wherever the file goes: 64 digits, which count as zeros when it is computed.
/// </summary>
internal static class Seal
{
    internal const string Key = "sha256";

    private const int LengthBytes = 8;

    /// <summary>The value of <see cref="Key"/> while the file is written.</summary>
    internal static string Open { get; } = new('0', 2 * SHA256.HashSizeInBytes);

    /// <summary>Writes the checksum in the place of <see cref="Open"/>.</summary>
    /// <param name="file">Whole; seekable, readable and writable. It is left at its end.</param>
    internal static void Close(Stream file)
    {
        var (beginning, at) = Find(file, Open);
        var digits = Encoding.ASCII.GetBytes(Digits(file, beginning));
        file.Position = at;
        file.Write(digits);
        file.Seek(0, SeekOrigin.End);
    }

    /// <param name="digits">What its metadata has under <see cref="Key"/>.</param>
    internal static bool Fits(Stream file, string digits)
    {
        var (beginning, at) = Find(file, digits);
        beginning.AsSpan(at, digits.Length).Fill((byte)'0');
        return string.Equals(Digits(file, beginning), digits, StringComparison.Ordinal);
    }

    private static (byte[] Beginning, int At) Find(Stream file, string digits)
    {
        file.Position = 0;
        Span<byte> length = stackalloc byte[LengthBytes];
        file.ReadExactly(length);
        var beginning = new byte[LengthBytes + BinaryPrimitives.ReadInt64LittleEndian(length)];
        file.Position = 0;
        file.ReadExactly(beginning);
        return (beginning, beginning.AsSpan().IndexOf(Encoding.ASCII.GetBytes($"\"{digits}\"")) + 1);
    }

    private static string Digits(Stream file, byte[] beginning)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(beginning);
        file.Position = beginning.Length;
        var buffer = new byte[1 << 20];
        for (int read; (read = file.Read(buffer)) > 0;)
            hash.AppendData(buffer, 0, read);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
