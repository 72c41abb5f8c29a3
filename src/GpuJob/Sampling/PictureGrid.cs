using LznPipeline.GpuJob.Data.Pictures;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Sampling;

/// <summary>Many images in one picture, with thin lines between them.</summary>
internal static class PictureGrid
{
    private const int Thin = 2;
    private const byte White = 255;

    /// <summary>One picture, without any line.</summary>
    /// <param name="image">[1, 3, S, S] in [-1, 1].</param>
    internal static byte[] Single(Tensor image) => Png(image, columns: 1, line: 0);

    /// <summary>Width and height of the picture of so many images of a size.</summary>
    internal static (long Width, long Height) Measure(long count, int columns, int size) => Measure(count, columns, size, Thin);

    /// <param name="images">[rows * columns, 3, S, S] in [-1, 1], row by row.</param>
    internal static byte[] Png(Tensor images, int columns) => Png(images, columns, Thin);

    private static byte[] Png(Tensor images, int columns, int line)
    {
        var (count, size) = ((int)images.shape[0], (int)images.shape[3]);
        using var pixels = ((images.clamp(-1, 1) + 1) * 127.5).round().to_type(ScalarType.Byte).permute(0, 2, 3, 1).contiguous();      // [count, S, S, 3]
        var (width, height) = ((int, int))Measure(count, columns, size, line);
        var picture = Picture.Blank(width, height);
        picture.Pixels.AsSpan().Fill(White);
        var source = pixels.bytes;
        var row = size * Picture.Channels;
        for (var index = 0; index < count; index++)
        for (var y = 0; y < size; y++)
        {
            var (top, left) = (line + index / columns * (size + line) + y, line + index % columns * (size + line));
            source.Slice((index * size + y) * row, row).CopyTo(picture.Pixels.AsSpan((top * width + left) * Picture.Channels));
        }

        return Data.Pictures.Png.Encode(picture);
    }

    private static (long Width, long Height) Measure(long count, int columns, int size, int line) => (columns * (long)(size + line) + line, (count + columns - 1) / columns * (size + line) + line);
}
