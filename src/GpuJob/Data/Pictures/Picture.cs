using System.Runtime.InteropServices;
using SkiaSharp;

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

/// <summary>
/// Which part of a picture becomes an image, and how large: the source rectangle is scaled to Width x Height, and of that a square at (Left, Top) is kept.
/// </summary>
/// <param name="SourceX">Left edge of the rectangle in pixels of the whole picture; likewise the next three.</param>
/// <param name="Width">Pixels of the scaled rectangle; at least Left + the side of the image.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Window(int SourceX, int SourceY, int SourceWidth, int SourceHeight, int Width, int Height, int Left, int Top)
{
    /// <summary>How much smaller a reduced picture may be than it is: still twice what it is scaled to, so that nearly nothing is lost.</summary>
    private const int Reserve = 2;

    private const int MaxReduction = 8;

    /// <summary>The shorter side scaled to <paramref name="shorter"/>, and the centre cut out; as torchvision's Resize and CenterCrop.</summary>
    internal static Window Centre(int width, int height, int shorter, int size)
    {
        var (scaledWidth, scaledHeight) = width <= height
            ? (shorter, (int)((double)shorter * height / width))
            : ((int)((double)shorter * width / height), shorter);
        return new Window(
            0, 0, width, height, scaledWidth, scaledHeight, (int)Math.Round((scaledWidth - size) / 2.0), (int)Math.Round((scaledHeight - size) / 2.0));
    }

    /// <summary>A rectangle scaled to a square as a whole.</summary>
    internal static Window Part(int x, int y, int width, int height, int size) => new(x, y, width, height, size, size, 0, 0);

    /// <summary>At which part of its width and height a JPEG may be decoded for this: 1, 2, 4 or 8.</summary>
    internal int Reduction
    {
        get
        {
            var reduction = MaxReduction;
            while (reduction > 1 && (SourceWidth < Width * Reserve * reduction || SourceHeight < Height * Reserve * reduction))
                reduction /= 2;
            return reduction;
        }
    }
}

/// <summary>Writes PNG files. The same pixels give the same bytes.</summary>
internal static class Png
{
    private const int Opaque = 255;

    internal static unsafe byte[] Encode(Picture picture)
    {
        var count = picture.Width * picture.Height;
        var pixels = GC.AllocateUninitializedArray<byte>(count * PictureDecoder.BytesPerPixel);
        for (var pixel = 0; pixel < count; pixel++)
        {
            picture.Pixels.AsSpan(pixel * Picture.Channels, Picture.Channels).CopyTo(pixels.AsSpan(pixel * PictureDecoder.BytesPerPixel));
            pixels[pixel * PictureDecoder.BytesPerPixel + Picture.Channels] = Opaque;
        }

        fixed (byte* source = pixels)
        {
            using var view = new SKPixmap(new SKImageInfo(picture.Width, picture.Height, SKColorType.Rgba8888, SKAlphaType.Opaque), (nint)source);
            using var file = view.Encode(SKPngEncoderOptions.Default)
                ?? throw new InvalidOperationException($"A picture of {picture.Width} x {picture.Height} could not be encoded as a PNG.");
            return file.ToArray();
        }
    }
}
