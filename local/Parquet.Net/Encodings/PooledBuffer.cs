using System.Buffers;
using System.Buffers.Binary;

namespace Parquet.Encodings;

/// <summary>A growing byte buffer over pooled memory.</summary>
internal sealed class PooledBuffer : IDisposable
{
    private byte[] _bytes = [];

    internal int Length { get; private set; }

    internal ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Length);

    internal ReadOnlySpan<byte> WrittenSpan => _bytes.AsSpan(0, Length);

    public void Dispose()
    {
        if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        Length = 0;
    }

    internal void Clear() => Length = 0;

    /// <summary>Room of exactly <paramref name="count"/> bytes at the end, content undefined, counted as written.</summary>
    internal Span<byte> Append(int count)
    {
        var room = Reserve(count)[..count];
        Length += count;
        return room;
    }

    /// <summary>Room of at least <paramref name="count"/> bytes after what is written; <see cref="Advance"/> says how many were used.</summary>
    internal Span<byte> Reserve(int count)
    {
        if (_bytes.Length - Length < count)
        {
            var grown = ArrayPool<byte>.Shared.Rent((int)Math.Min(Array.MaxLength, Math.Max((long)Length + count, 2L * Length)));
            WrittenSpan.CopyTo(grown);
            if (_bytes.Length > 0) ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = grown;
        }
        return _bytes.AsSpan(Length);
    }

    internal void Advance(int count) => Length += count;

    internal void Write(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Append(bytes.Length));

    internal void WriteByte(byte value) => Append(1)[0] = value;

    internal void WriteInt32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Append(sizeof(int)), value);

    internal void WriteInt32At(int position, int value) => BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(position), value);

    /// <summary>Base 128, low part first.</summary>
    internal void WriteVarint(ulong value)
    {
        for (; value >= 0x80; value >>= 7) WriteByte((byte)(value | 0x80));
        WriteByte((byte)value);
    }

    /// <summary>Puts <paramref name="count"/> bytes of the stream at the end; a stream that ends before is an error.</summary>
    internal async ValueTask FillAsync(Stream stream, int count, CancellationToken cancellationToken)
    {
        Reserve(count);
        await stream.ReadExactlyAsync(_bytes.AsMemory(Length, count), cancellationToken).ConfigureAwait(false);
        Length += count;
    }
}
