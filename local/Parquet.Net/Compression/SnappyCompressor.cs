using System.Buffers.Binary;
using System.Numerics;

namespace Parquet.Compression;

/// <summary>
/// Snappy's block format: the length, then literals and copies of up to 64 bytes from at most 64 KiB back. Matches are found by a hash of four bytes; where none
/// are found the steps grow, so incompressible data go through at nearly the speed of copying.
/// </summary>
internal sealed class SnappyCompressor
{
    private const int FragmentSize = 1 << 16;
    private const int HashBits = 14;
    private const int MinMatch = 4;
    private const int Tail = 15;   // the last bytes of a fragment are literals, so that eight-byte reads stay inside

    private readonly ushort[] _table = new ushort[1 << HashBits];

    internal static int LargestSize(int size) => checked(32 + size + size / 6);

    /// <param name="output">At least <see cref="LargestSize"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    internal int Compress(ReadOnlySpan<byte> source, Span<byte> output)
    {
        var written = 0;
        for (var length = (uint)source.Length; ; length >>= 7)
        {
            output[written++] = (byte)(length >= 0x80 ? length | 0x80 : length);
            if (length < 0x80) break;
        }
        for (var start = 0; start < source.Length; start += FragmentSize)
            written += CompressFragment(source[start..Math.Min(start + FragmentSize, source.Length)], output[written..]);
        return written;
    }

    private int CompressFragment(ReadOnlySpan<byte> source, Span<byte> output)
    {
        _table.AsSpan().Clear();
        var written = 0;
        var literal = 0;   // start of what is not yet written
        var position = 1;
        var misses = 32;
        while (position < source.Length - Tail)
        {
            var word = Word(source, position);
            ref var slot = ref _table[(word * 0x1E35A7BDu) >> (32 - HashBits)];
            int candidate = slot;
            slot = (ushort)position;
            if (candidate >= position || Word(source, candidate) != word)
            {
                position += misses++ >> 5;
                continue;
            }
            written += WriteLiteral(source[literal..position], output[written..]);
            var length = MinMatch + source[(position + MinMatch)..].CommonPrefixLength(source[(candidate + MinMatch)..]);
            written += WriteCopy(position - candidate, length, output[written..]);
            position += length;
            literal = position;
            misses = 32;
            if (position < source.Length - Tail) _table[(Word(source, position - 1) * 0x1E35A7BDu) >> (32 - HashBits)] = (ushort)(position - 1);
        }
        return written + WriteLiteral(source[literal..], output[written..]);
    }

    private static uint Word(ReadOnlySpan<byte> source, int position) => BinaryPrimitives.ReadUInt32LittleEndian(source[position..]);

    private static int WriteLiteral(ReadOnlySpan<byte> bytes, Span<byte> output)
    {
        if (bytes.Length == 0) return 0;
        var last = bytes.Length - 1;
        var extra = last < 60 ? 0 : 1 + BitOperations.Log2((uint)last) / 8;
        output[0] = (byte)((extra == 0 ? last : 59 + extra) << 2);
        for (var i = 0; i < extra; i++) output[1 + i] = (byte)(last >> (8 * i));
        bytes.CopyTo(output[(1 + extra)..]);
        return 1 + extra + bytes.Length;
    }

    private static int WriteCopy(int offset, int length, Span<byte> output)
    {
        var written = 0;
        while (length > 0)
        {
            // Never leave less than four bytes for the last copy: three would need a literal.
            var part = length <= 64 ? length : length < 68 ? 60 : 64;
            if (part is >= 4 and <= 11 && offset < 2048)
            {
                output[written++] = (byte)(1 | ((part - 4) << 2) | ((offset >> 8) << 5));
                output[written++] = (byte)offset;
            }
            else
            {
                output[written] = (byte)(2 | ((part - 1) << 2));
                BinaryPrimitives.WriteUInt16LittleEndian(output[(written + 1)..], (ushort)offset);
                written += 3;
            }
            length -= part;
        }
        return written;
    }
}
