using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LznPipeline.GpuJob.Data.Pictures;

/// <summary>Decodes JPEG files with libjpeg-turbo. For one thread at a time.</summary>
internal sealed unsafe partial class JpegDecoder : IDisposable
{
    private const string Library = "libturbojpeg.so.0";
    private const int PixelFormatRgb = 0;
    private const int PixelFormatCmyk = 11;
    private const int FirstCmykSpace = 3;       // CMYK, and 4: YCCK

    private readonly Handle _handle;
    private byte[] _inks = [];

    /// <exception cref="MissingLibraryException">libjpeg-turbo is not installed.</exception>
    internal JpegDecoder()
    {
        try
        {
            _handle = tjInitDecompress();
        }
        catch (DllNotFoundException missing)
        {
            throw new MissingLibraryException("libjpeg-turbo", "libturbojpeg0", missing);
        }
    }

    /// <exception cref="BadImageException">The header is damaged.</exception>
    internal JpegHeader Measure(ReadOnlySpan<byte> file)
    {
        fixed (byte* bytes = file)
        {
            ThrowIfBad(tjDecompressHeader3(_handle, bytes, (nuint)file.Length, out var width, out var height, out _, out var space));
            return new JpegHeader(width, height, space >= FirstCmykSpace);
        }
    }

    /// <summary>Decodes to RGB.</summary>
    /// <param name="size">The file's, or a half, quarter or eighth of it, rounded up.</param>
    /// <param name="pixels">At least width * height * 3 bytes.</param>
    /// <exception cref="BadImageException">The file is damaged. Damage that the library could paint over, such as a missing end, counts.</exception>
    internal void Decode(ReadOnlySpan<byte> file, JpegHeader size, Span<byte> pixels)
    {
        if (!size.IsCmyk)
        {
            Decode(file, size, PixelFormatRgb, pixels);
            return;
        }

        var count = size.Width * size.Height;
        if (_inks.Length < count * 4)
            _inks = new byte[count * 4];
        Decode(file, size, PixelFormatCmyk, _inks);
        Mix(_inks, pixels, count);
    }

    private void Decode(ReadOnlySpan<byte> file, JpegHeader size, int format, Span<byte> pixels)
    {
        fixed (byte* bytes = file, target = pixels)
            ThrowIfBad(tjDecompress2(_handle, bytes, (nuint)file.Length, target, size.Width, pitch: 0, size.Height, format, flags: 0));
    }

    /// <summary>Inks as Adobe's programs write them, 255 for none, to RGB.</summary>
    private static void Mix(ReadOnlySpan<byte> inks, Span<byte> pixels, int count)
    {
        for (var pixel = 0; pixel < count; pixel++)
        for (var channel = 0; channel < Picture.Channels; channel++)
            pixels[pixel * Picture.Channels + channel] = (byte)((inks[pixel * 4 + channel] * inks[pixel * 4 + 3] + 127) / 255);
    }

    public void Dispose() => _handle.Dispose();

    /// <remarks>The library returns -1 for warnings as well, such as "premature end of JPEG file".</remarks>
    private void ThrowIfBad(int code)
    {
        if (code != 0)
            throw new BadImageException(Marshal.PtrToStringUTF8(tjGetErrorStr2(_handle)) ?? "it cannot be decoded");
    }

    /// <summary>libjpeg-turbo's state of one thread.</summary>
    private sealed class Handle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
    {
        protected override bool ReleaseHandle() => tjDestroy(handle) == 0;
    }

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial Handle tjInitDecompress();

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int tjDestroy(nint handle);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint tjGetErrorStr2(Handle handle);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int tjDecompressHeader3(Handle handle, byte* file, nuint length, out int width, out int height, out int subsampling, out int colorSpace);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int tjDecompress2(Handle handle, byte* file, nuint length, byte* pixels, int width, int pitch, int height, int pixelFormat, int flags);
}

/// <param name="IsCmyk">Whether it is printed with inks, and not made of light.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct JpegHeader(int Width, int Height, bool IsCmyk);
