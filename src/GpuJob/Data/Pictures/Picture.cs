namespace LznPipeline.GpuJob.Data.Pictures;

/// <summary>A decoded image: 8-bit RGB, three bytes a pixel, row by row from the top.</summary>
/// <param name="Pixels">Width * Height * 3 bytes.</param>
internal sealed record Picture(int Width, int Height, byte[] Pixels)
{
    /// <summary>Most pixels that one image may have; a file of a few kilobytes can claim to be far larger.</summary>
    internal const long MaxPixels = 64L << 20;

    internal const int Channels = 3;

    /// <summary>Decodes a JPEG or PNG, told apart by its first bytes.</summary>
    /// <exception cref="BadImageException">The bytes are neither, or are damaged.</exception>
    internal static Picture Decode(ReadOnlySpan<byte> file) => file switch
    {
        [0xFF, 0xD8, ..] => Jpeg.Decode(file),
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => Png.Decode(file),
        [] => throw new BadImageException("the file is empty"),
        _ => throw new BadImageException("it is neither a JPEG nor a PNG"),
    };

    /// <summary>An empty picture for a decoder to fill.</summary>
    /// <exception cref="BadImageException">It would be too large.</exception>
    internal static Picture Blank(long width, long height) => width > 0 && height > 0 && width <= MaxPixels && width * height <= MaxPixels
        ? new Picture((int)width, (int)height, new byte[width * height * Channels])
        : throw new BadImageException($"it has {width} x {height} pixels; from 1 to {MaxPixels} are allowed");
}
