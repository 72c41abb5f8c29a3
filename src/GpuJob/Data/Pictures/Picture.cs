namespace LznPipeline.GpuJob.Data.Pictures;

/// <summary>A decoded image: 8-bit RGB, three bytes a pixel, row by row from the top.</summary>
/// <param name="Pixels">Width * Height * 3 bytes; what lies behind them has no meaning.</param>
internal sealed record Picture(int Width, int Height, byte[] Pixels)
{
    /// <summary>Most pixels that one image may have; a file of a few kilobytes can claim to be far larger.</summary>
    internal const long MaxPixels = 64L << 20;

    internal const int Channels = 3;

    /// <summary>By how much it is smaller than the picture in the file, each side rounded up: 1, 2, 4 or 8.</summary>
    internal int Reduction { get; init; } = 1;

    /// <summary>Decodes an image file, whose format its first bytes tell.</summary>
    /// <exception cref="BadImageException">It is no image, is damaged or ends too early.</exception>
    internal static Picture Decode(ReadOnlySpan<byte> file) => new PictureDecoder().Decode(file);

    /// <summary>Bytes of a picture's pixels.</summary>
    /// <exception cref="BadImageException">It would be too large.</exception>
    internal static int ByteCount(long width, long height) => width > 0 && height > 0 && width <= MaxPixels && width * height <= MaxPixels
        ? (int)(width * height * Channels)
        : throw new BadImageException($"it has {width} x {height} pixels; from 1 to {MaxPixels} are allowed");

    /// <summary>An empty picture to be drawn on.</summary>
    /// <exception cref="BadImageException">It would be too large.</exception>
    internal static Picture Blank(int width, int height) => new(width, height, new byte[ByteCount(width, height)]);
}
