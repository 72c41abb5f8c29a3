using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using SkiaSharp;

namespace LznPipeline.GpuJob.Data.Pictures;

/// <summary>Decodes one image file after the other on one thread: JPEG, PNG, WebP, BMP, and a GIF's first picture.</summary>
/// <remarks>
/// The pixels are those in the file, as Pillow's <c>convert('RGB')</c> gives them: colour profiles and gamma are left aside, alpha is dropped,
/// of 16 bits the upper 8 are taken. Only a GIF's transparent pixels have no colour; they are black.
/// </remarks>
/// <param name="upright">Whether pictures are turned as their EXIF orientation says, as Pillow's <c>ImageOps.exif_transpose</c> does.</param>
internal sealed unsafe class PictureDecoder(bool upright = false)
{
    /// <summary>Of the pixels that the library writes and reads: R, G, B, alpha.</summary>
    internal const int BytesPerPixel = 4;

    private byte[] _pixels = [];
    private byte[] _file = [];
    private byte[] _turned = [];

    /// <summary>Room for a file to be decoded. The next call may give the same.</summary>
    internal Span<byte> Room(int length)
    {
        if (_file.Length < length)
            _file = GC.AllocateUninitializedArray<byte>(length);
        return _file.AsSpan(0, length);
    }

    /// <summary>Width and height that the file's header tells.</summary>
    /// <param name="upright">Whether as its EXIF orientation says.</param>
    /// <exception cref="BadImageException">It is no image, its header is damaged, or tells of more pixels than an image may have.</exception>
    internal static (int Width, int Height) Measure(ReadOnlySpan<byte> file, bool upright = false)
    {
        fixed (byte* bytes = file)
        {
            using var codec = Open(bytes, file.Length);
            return upright && Orientation.SwapsSides(codec.EncodedOrigin) ? (codec.Info.Height, codec.Info.Width) : (codec.Info.Width, codec.Info.Height);
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
            var picture = new Picture(width, height, _pixels) { Reduction = reduction };
            return upright && codec.EncodedOrigin is not SKEncodedOrigin.TopLeft ? Turned(picture, codec.EncodedOrigin) : picture;
        }
    }

    private Picture Turned(Picture picture, SKEncodedOrigin origin)
    {
        if (_turned.Length < Picture.ByteCount(picture.Width, picture.Height))
            _turned = GC.AllocateUninitializedArray<byte>(Picture.ByteCount(picture.Width, picture.Height));
        return Orientation.Upright(picture, origin, _turned);
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
            if (codec.EncodedFormat is not (
                SKEncodedImageFormat.Jpeg or SKEncodedImageFormat.Png or SKEncodedImageFormat.Webp or SKEncodedImageFormat.Gif or SKEncodedImageFormat.Bmp))
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
        SKCodecResult.IncompleteInput => "it ends too early, or is damaged or of a kind that is not read, such as JPEG of 12 bits",
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

/// <summary>How a picture is turned that a camera stored as its sensor lay (EXIF 2.32, tag 0x0112).</summary>
internal static class Orientation
{
    /// <summary>Whether the stored picture's width is the upright one's height.</summary>
    internal static bool SwapsSides(SKEncodedOrigin origin) => origin >= SKEncodedOrigin.LeftTop;

    /// <param name="origin">Where the stored picture's first row and column belong.</param>
    /// <param name="room">For the pixels.</param>
    internal static Picture Upright(Picture stored, SKEncodedOrigin origin, byte[] room)
    {
        var (width, height) = SwapsSides(origin) ? (stored.Height, stored.Width) : (stored.Width, stored.Height);
        for (var y = 0; y < height; y++)
        for (var x = 0; x < width; x++)
        {
            var (fromX, fromY) = origin switch
            {
                SKEncodedOrigin.TopRight => (width - 1 - x, y),
                SKEncodedOrigin.BottomRight => (width - 1 - x, height - 1 - y),
                SKEncodedOrigin.BottomLeft => (x, height - 1 - y),
                SKEncodedOrigin.LeftTop => (y, x),
                SKEncodedOrigin.RightTop => (y, width - 1 - x),
                SKEncodedOrigin.RightBottom => (height - 1 - y, width - 1 - x),
                SKEncodedOrigin.LeftBottom => (height - 1 - y, x),
                _ => (x, y),
            };
            stored.Pixels.AsSpan((fromY * stored.Width + fromX) * Picture.Channels, Picture.Channels).CopyTo(room.AsSpan((y * width + x) * Picture.Channels));
        }

        return new Picture(width, height, room) { Reduction = stored.Reduction };
    }
}

/// <summary>The kinds of image files that are read.</summary>
internal static class PictureFormat
{
    internal const string Names = "JPEG, PNG, WebP, GIF or BMP";

    /// <summary>Of files' names, the one that a shard uses first among those of a format.</summary>
    private static readonly (string Ending, string[] Others)[] Formats = [(".jpg", [".jpeg"]), (".png", []), (".webp", []), (".gif", []), (".bmp", [])];

    /// <summary>Endings that images have in shards.</summary>
    internal static IEnumerable<string> Endings => Formats.Select(format => format.Ending);

    /// <summary>The ending that a file of such a name has in shards; null if that is no image's name.</summary>
    internal static string? EndingOf(string name) =>
        Formats.FirstOrDefault(format => format.Others.Append(format.Ending).Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))).Ending;

    /// <summary>The ending for a file that has no name, by its first bytes; that of a JPEG if they are no image's.</summary>
    internal static string EndingOf(ReadOnlySpan<byte> file) => file switch
    {
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => ".png",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => ".webp",
        [(byte)'G', (byte)'I', (byte)'F', ..] => ".gif",
        [(byte)'B', (byte)'M', ..] => ".bmp",
        _ => ".jpg",
    };
}

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
                // a fill byte, or what has no content: a number of the picture's own, restarts, the start
                case Marker or 0x00 or 0x01 or (>= 0xD0 and <= 0xD8):
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

/// <summary>An image file cannot be used.</summary>
/// <param name="reason">Continues a sentence that names the file.</param>
internal sealed class BadImageException(string reason) : Exception(reason);
