using SkiaSharp;

namespace LznPipeline.GpuJob.Data.Pictures;

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
            using var file = view.Encode(SKPngEncoderOptions.Default) ?? throw new InvalidOperationException($"A picture of {picture.Width} x {picture.Height} could not be encoded as a PNG.");
            return file.ToArray();
        }
    }
}
