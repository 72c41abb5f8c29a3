using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;

namespace LznPipeline.Cli.Pictures;

/// <summary>Writes PNG files: 8-bit RGB, rows unfiltered.</summary>
internal static class PngWriter
{
    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    internal static byte[] Encode(Drawing drawing)
    {
        using var file = new MemoryStream();
        file.Write(Signature);
        WriteChunk(file, "IHDR"u8, Header(drawing.Side));
        WriteChunk(file, "IDAT"u8, Compress(drawing));
        WriteChunk(file, "IEND"u8, []);
        return file.ToArray();
    }

    private static byte[] Header(int side)
    {
        const byte bitsPerChannel = 8, rgb = 2, deflate = 0, adaptive = 0, notInterlaced = 0;
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, side);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), side);
        ((ReadOnlySpan<byte>)[bitsPerChannel, rgb, deflate, adaptive, notInterlaced]).CopyTo(header.AsSpan(8));
        return header;
    }

    private static byte[] Compress(Drawing drawing)
    {
        const byte noFilter = 0;
        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest))
        {
            for (var row = 0; row < drawing.Side; row++)
            {
                zlib.WriteByte(noFilter);
                zlib.Write(drawing.Pixels, row * drawing.Side * 3, drawing.Side * 3);
            }
        }

        return compressed.ToArray();
    }

    private static void WriteChunk(Stream file, ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, content.Length);
        file.Write(number);
        file.Write(type);
        file.Write(content);
        var checksum = new Crc32();
        checksum.Append(type);
        checksum.Append(content);
        BinaryPrimitives.WriteUInt32BigEndian(number, BinaryPrimitives.ReadUInt32LittleEndian(checksum.GetCurrentHash()));
        file.Write(number);
    }
}
