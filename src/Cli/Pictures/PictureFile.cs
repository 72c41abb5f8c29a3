using System.Runtime.InteropServices;
using SkiaSharp;

namespace LznPipeline.Cli.Pictures;

/// <summary>The bytes of a drawing as an image file.</summary>
internal static class PictureFile
{
    // Colours are kept for each pixel: drawings are small, and their edges coloured.
    private static readonly SKJpegEncoderOptions JpegOptions = new(quality: 92, SKJpegEncoderDownsample.Downsample444, SKJpegEncoderAlphaOption.Ignore);
    private static readonly SKPngEncoderOptions PngOptions = new(SKPngEncoderFilterFlags.AllFilters, zLibLevel: 1);

    internal static byte[] Jpeg(Drawing drawing) => Encode(drawing, (pixels, file) => pixels.Encode(file, JpegOptions));

    internal static byte[] Png(Drawing drawing) => Encode(drawing, (pixels, file) => pixels.Encode(file, PngOptions));

    private static byte[] Encode(Drawing drawing, Func<SKPixmap, Stream, bool> encode)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(drawing.Side, drawing.Side, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var padded = drawing.Pixels.Chunk(3).SelectMany(pixel => (byte[])[.. pixel, byte.MaxValue]).ToArray();     // R, G, B and full cover
        Marshal.Copy(padded, 0, bitmap.GetPixels(), padded.Length);
        using var pixels = bitmap.PeekPixels();
        using var file = new MemoryStream();
        return encode(pixels, file)
            ? file.ToArray()
            : throw new InvalidOperationException($"SkiaSharp cannot encode an image of {drawing.Side} pixels a side.");
    }
}
