using System.Runtime.Intrinsics;
using SkiaSharp;

namespace LznPipeline.GpuJob.Data.Pictures;

/// <summary>Decodes one image file after the other on one thread: JPEG, PNG, WebP, BMP, and a GIF's first picture.</summary>
/// <remarks>
/// The pixels are those in the file, as Pillow's <c>convert('RGB')</c> gives them: colour profiles, gamma and orientation are left aside, alpha is dropped, of 16 bits the upper 8 are taken.
/// Only a GIF's transparent pixels have no colour; they are black.
/// </remarks>
internal sealed unsafe class PictureDecoder
{
    /// <summary>Of the pixels that the library writes and reads: R, G, B, alpha.</summary>
    internal const int BytesPerPixel = 4;

    private byte[] _pixels = [];
    private byte[] _file = [];

    /// <summary>Room for a file to be decoded. The next call may give the same.</summary>
    internal Span<byte> Room(int length)
    {
        if (_file.Length < length)
            _file = GC.AllocateUninitializedArray<byte>(length);
        return _file.AsSpan(0, length);
    }

    /// <summary>Width and height that the file's header tells.</summary>
    /// <exception cref="BadImageException">It is no image, its header is damaged, or tells of more pixels than an image may have.</exception>
    internal static (int Width, int Height) Measure(ReadOnlySpan<byte> file)
    {
        fixed (byte* bytes = file)
        {
            using var codec = Open(bytes, file.Length);
            return (codec.Info.Width, codec.Info.Height);
        }
    }

    /// <summary>Decodes a file, whose format its first bytes tell.</summary>
    /// <param name="reduction">1, 2, 4 or 8: by how much smaller a JPEG is decoded, which is faster. Other files are always decoded whole.</param>
    /// <returns>A picture that is this decoder's: the next call overwrites its pixels.</returns>
    /// <exception cref="BadImageException">It is no image, is damaged or ends too early.</exception>
    internal Picture Decode(ReadOnlySpan<byte> file, int reduction = 1)
    {
        fixed (byte* bytes = file)
        {
            using var codec = Open(bytes, file.Length);
            if (codec.EncodedFormat is not SKEncodedImageFormat.Jpeg)
                reduction = 1;
            var (width, height) = ((codec.Info.Width + reduction - 1) / reduction, (codec.Info.Height + reduction - 1) / reduction);
            if (_pixels.Length < width * height * BytesPerPixel)
                _pixels = GC.AllocateUninitializedArray<byte>(width * height * BytesPerPixel);
            fixed (byte* pixels = _pixels)
            {
                // Without a colour space the library converts none.
                var result = codec.GetPixels(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul), (nint)pixels);
                if (result is not SKCodecResult.Success)
                    throw Bad(result);
                if (!FileEnd.IsThere(codec.EncodedFormat, file))
                    throw Bad(SKCodecResult.IncompleteInput);
            }

            DropAlpha(_pixels, width * height);
            return new Picture(width, height, _pixels) { Reduction = reduction };
        }
    }

    private static SKCodec Open(byte* bytes, int length)
    {
        if (length == 0)
            throw new BadImageException("the file is empty");
        using var data = SKData.Create((nint)bytes, length);
        using var stream = new SKMemoryStream(data);
        var codec = SKCodec.Create(stream, out var result);
        if (result is not SKCodecResult.Success)
            throw Bad(result);
        try
        {
            if (codec.EncodedFormat is not (SKEncodedImageFormat.Jpeg or SKEncodedImageFormat.Png or SKEncodedImageFormat.Webp or SKEncodedImageFormat.Gif or SKEncodedImageFormat.Bmp))
                throw new BadImageException($"it is {codec.EncodedFormat}; allowed are {PictureFormat.Names}");
            _ = Picture.ByteCount(codec.Info.Width, codec.Info.Height);
            return codec;
        }
        catch
        {
            codec.Dispose();
            throw;
        }
    }

    private static BadImageException Bad(SKCodecResult result) => new(result switch
    {
        SKCodecResult.IncompleteInput => "it ends too early",
        SKCodecResult.Unimplemented => $"it is not {PictureFormat.Names}",
        _ => $"it is damaged ({result})",
    });

    /// <summary>Closes the gaps between the colours, in place.</summary>
    private static void DropAlpha(Span<byte> pixels, int count)
    {
        const int AtOnce = 4;
        var pixel = 0;
        for (; pixel + AtOnce <= count; pixel += AtOnce)
        {
            // The last four bytes lie before the pixels that come next; those that come next overwrite them.
            var four = Vector128.Create<byte>(pixels[(pixel * BytesPerPixel)..]);
            Vector128.Shuffle(four, Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 0, 0, 0, 0)).CopyTo(pixels[(pixel * Picture.Channels)..]);
        }

        for (; pixel < count; pixel++)
            pixels.Slice(pixel * BytesPerPixel, Picture.Channels).CopyTo(pixels[(pixel * Picture.Channels)..]);
    }
}
