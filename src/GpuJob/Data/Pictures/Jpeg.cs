using System.Runtime.InteropServices;

namespace LznPipeline.GpuJob.Data.Pictures;

/// <summary>Decodes JPEG files with libjpeg-turbo.</summary>
internal static unsafe partial class Jpeg
{
    private const string Library = "libturbojpeg.so.0";
    private const int PixelFormatRgb = 0;

    /// <exception cref="BadImageException">The file is damaged. Damage that the library could paint over, such as a missing end, counts.</exception>
    internal static Picture Decode(ReadOnlySpan<byte> file)
    {
        try
        {
            var decoder = tjInitDecompress();
            try
            {
                return Decode(decoder, file);
            }
            finally
            {
                _ = tjDestroy(decoder);
            }
        }
        catch (DllNotFoundException missing)
        {
            throw new MissingLibraryException("libjpeg-turbo", "libturbojpeg0", missing);
        }
    }

    private static Picture Decode(nint decoder, ReadOnlySpan<byte> file)
    {
        fixed (byte* bytes = file)
        {
            ThrowIfBad(decoder, tjDecompressHeader3(decoder, bytes, (nuint)file.Length, out var width, out var height, out _, out _));
            var picture = Picture.Blank(width, height);
            fixed (byte* pixels = picture.Pixels)
                ThrowIfBad(decoder, tjDecompress2(decoder, bytes, (nuint)file.Length, pixels, width, width * Picture.Channels, height, PixelFormatRgb, flags: 0));
            return picture;
        }
    }

    /// <remarks>The library returns -1 for warnings as well, such as "premature end of JPEG file".</remarks>
    private static void ThrowIfBad(nint decoder, int code)
    {
        if (code != 0)
            throw new BadImageException(Marshal.PtrToStringUTF8(tjGetErrorStr2(decoder)) ?? "it cannot be decoded");
    }

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint tjInitDecompress();

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int tjDestroy(nint handle);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint tjGetErrorStr2(nint handle);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int tjDecompressHeader3(nint handle, byte* file, nuint length, out int width, out int height, out int subsampling, out int colorSpace);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int tjDecompress2(nint handle, byte* file, nuint length, byte* pixels, int width, int pitch, int height, int pixelFormat, int flags);
}
