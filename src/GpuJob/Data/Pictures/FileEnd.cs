using System.Buffers.Binary;
using SkiaSharp;

namespace LznPipeline.GpuJob.Data.Pictures;

/// <summary>Whether an image file that could be decoded has its end: of a progressive JPEG or a WebP the library paints what little there is.</summary>
internal static class FileEnd
{
    private const byte Marker = 0xFF;

    internal static bool IsThere(SKEncodedImageFormat format, ReadOnlySpan<byte> file) => format switch
    {
        SKEncodedImageFormat.Jpeg => IsInJpeg(file),
        SKEncodedImageFormat.Webp => IsInWebP(file),
        _ => true,
    };

    /// <remarks>Looked for from the front, since a file may hold a smaller one with an end of its own, and bytes behind it.</remarks>
    private static bool IsInJpeg(ReadOnlySpan<byte> file)
    {
        while (file.IndexOf(Marker) is var place and >= 0 && place + 1 < file.Length)
        {
            file = file[(place + 1)..];
            switch (file[0])
            {
                case 0xD9:
                    return true;
                case Marker or 0x00 or 0x01 or (>= 0xD0 and <= 0xD8):       // a fill byte, or what has no content: a number of the picture's own, restarts, the start
                    break;
                default:
                    if (file.Length < 3 || BinaryPrimitives.ReadUInt16BigEndian(file[1..]) + 1 > file.Length)
                        return false;
                    file = file[(BinaryPrimitives.ReadUInt16BigEndian(file[1..]) + 1)..];
                    break;
            }
        }

        return false;
    }

    /// <remarks>"RIFF", and the length of all that follows.</remarks>
    private static bool IsInWebP(ReadOnlySpan<byte> file) => BinaryPrimitives.ReadUInt32LittleEndian(file[4..]) + 8L <= file.Length;
}
