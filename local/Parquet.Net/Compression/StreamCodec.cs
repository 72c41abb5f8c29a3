using System.Runtime.InteropServices;
using Parquet.Encodings;

namespace Parquet.Compression;

/// <summary>A codec that .NET has as a stream.</summary>
internal abstract class StreamCodec : PageCodec
{
    private readonly MemoryStream _compressed = new();

    internal override void Compress(ReadOnlyMemory<byte> source, PooledBuffer output)
    {
        _compressed.SetLength(0);
        using (var compressor = Compressor(_compressed)) compressor.Write(source.Span);
        output.Write(_compressed.GetBuffer().AsSpan(0, (int)_compressed.Length));
    }

    public override void Dispose() => _compressed.Dispose();

    protected override bool TryDecompress(ReadOnlyMemory<byte> source, Span<byte> output)
    {
        using var stored = MemoryMarshal.TryGetArray(source, out var array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(source.ToArray());
        using var decompressor = Decompressor(stored);
        decompressor.ReadExactly(output);
        return decompressor.ReadByte() < 0;
    }

    /// <summary>Leaves <paramref name="target"/> open.</summary>
    protected abstract Stream Compressor(Stream target);

    protected abstract Stream Decompressor(Stream source);
}
