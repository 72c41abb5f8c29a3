using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace LznPipeline.GpuJob.Data.Pictures;

/// <summary>Decodes and encodes PNG files with libpng's simplified interface.</summary>
internal static unsafe partial class Png
{
    private const string Library = "libpng16.so.16";
    private const uint FormatRgb = 2;
    private const byte White = 255;

    /// <summary>Signature, and length, name, width and height of the first chunk.</summary>
    private const int HeaderLength = 24;

    /// <summary>Width and height that the first chunk tells.</summary>
    /// <exception cref="BadImageException">The file ends before it, or begins otherwise.</exception>
    internal static (int Width, int Height) Measure(ReadOnlySpan<byte> file)
    {
        if (file.Length < HeaderLength || !file[12..16].SequenceEqual("IHDR"u8))
            throw new BadImageException("it is a PNG without a header");
        return (BinaryPrimitives.ReadInt32BigEndian(file[16..]), BinaryPrimitives.ReadInt32BigEndian(file[20..]));
    }

    /// <summary>Decodes any PNG to RGB; transparent parts show white.</summary>
    /// <param name="pixels">width * height * 3 bytes, as <see cref="Measure"/> tells.</param>
    /// <exception cref="BadImageException">The file is damaged.</exception>
    internal static void Decode(ReadOnlySpan<byte> file, Span<byte> pixels)
    {
        var image = new PngImage { Version = PngImage.CurrentVersion };
        try
        {
            fixed (byte* bytes = file, target = pixels)
            {
                ThrowIfBad(png_image_begin_read_from_memory(ref image, bytes, (nuint)file.Length), image);
                if ((long)image.Width * image.Height * Picture.Channels != pixels.Length)
                    throw new BadImageException($"its header is not the size of its {image.Width} x {image.Height} pixels");
                pixels.Fill(White);         // libpng blends transparent pixels over what the buffer holds
                image.Format = FormatRgb;
                ThrowIfBad(png_image_finish_read(ref image, background: 0, target, rowStride: 0, colorMap: 0), image);
            }
        }
        catch (DllNotFoundException missing)
        {
            throw new MissingLibraryException("libpng", "libpng16-16", missing);
        }
        finally
        {
            if (image.Opaque != 0)
                png_image_free(ref image);
        }
    }

    internal static byte[] Encode(Picture picture)
    {
        var image = new PngImage { Version = PngImage.CurrentVersion, Width = (uint)picture.Width, Height = (uint)picture.Height, Format = FormatRgb };
        try
        {
            fixed (byte* pixels = picture.Pixels)
            {
                nuint length = 0;
                ThrowIfBad(png_image_write_to_memory(ref image, file: null, ref length, convertTo8Bit: 0, pixels, rowStride: 0, colorMap: 0), image);
                var file = new byte[length];
                fixed (byte* bytes = file)
                    ThrowIfBad(png_image_write_to_memory(ref image, bytes, ref length, convertTo8Bit: 0, pixels, rowStride: 0, colorMap: 0), image);
                return file[..(int)length];
            }
        }
        catch (DllNotFoundException missing)
        {
            throw new MissingLibraryException("libpng", "libpng16-16", missing);
        }
    }

    /// <remarks>A warning, such as a wrong checksum of an optional chunk, is not an error; a missing end is.</remarks>
    private static void ThrowIfBad(int succeeded, PngImage image)
    {
        if (succeeded == 0)
            throw new BadImageException(Marshal.PtrToStringUTF8((nint)image.Message) ?? "it cannot be decoded");
    }

    /// <summary>libpng's png_image.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct PngImage
    {
        internal const uint CurrentVersion = 1;

        internal nint Opaque;
        internal uint Version;
        internal uint Width;
        internal uint Height;
        internal uint Format;
        internal uint Flags;
        internal uint ColorMapEntries;
        internal uint WarningOrError;
        internal fixed byte Message[64];
    }

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int png_image_begin_read_from_memory(ref PngImage image, byte* file, nuint length);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int png_image_finish_read(ref PngImage image, nint background, byte* pixels, int rowStride, nint colorMap);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int png_image_write_to_memory(ref PngImage image, byte* file, ref nuint length, int convertTo8Bit, byte* pixels, int rowStride, nint colorMap);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void png_image_free(ref PngImage image);
}
