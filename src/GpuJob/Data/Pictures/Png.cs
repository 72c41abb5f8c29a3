using System.Runtime.InteropServices;

namespace LznPipeline.GpuJob.Data.Pictures;

/// <summary>Decodes and encodes PNG files with libpng's simplified interface.</summary>
internal static unsafe partial class Png
{
    private const string Library = "libpng16.so.16";
    private const uint FormatRgb = 2;
    private const byte White = 255;

    /// <summary>Decodes any PNG to RGB; transparent parts show white.</summary>
    /// <exception cref="BadImageException">The file is damaged.</exception>
    internal static Picture Decode(ReadOnlySpan<byte> file)
    {
        var image = new PngImage { Version = PngImage.CurrentVersion };
        try
        {
            fixed (byte* bytes = file)
            {
                ThrowIfBad(png_image_begin_read_from_memory(ref image, bytes, (nuint)file.Length), image);
                var picture = Picture.Blank(image.Width, image.Height);
                picture.Pixels.AsSpan().Fill(White);        // libpng blends transparent pixels over what the buffer holds
                image.Format = FormatRgb;
                fixed (byte* pixels = picture.Pixels)
                    ThrowIfBad(png_image_finish_read(ref image, background: 0, pixels, rowStride: 0, colorMap: 0), image);
                return picture;
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
