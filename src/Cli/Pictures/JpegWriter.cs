using System.Runtime.InteropServices;

namespace LznPipeline.Cli.Pictures;

/// <summary>Writes JPEG files with libjpeg-turbo.</summary>
internal static unsafe partial class JpegWriter
{
    private const string Library = "libturbojpeg.so.0";
    private const int Rgb = 0;
    private const int FullColour = 0;       // 4:4:4
    private const int Quality = 92;

    internal static byte[] Encode(Drawing drawing)
    {
        var encoder = Open();
        byte* file = null;
        nuint length = 0;
        try
        {
            int code;
            fixed (byte* pixels = drawing.Pixels)
                code = tjCompress2(encoder, pixels, drawing.Side, drawing.Side * 3, drawing.Side, Rgb, ref file, ref length, FullColour, Quality, flags: 0);
            return code == 0
                ? new ReadOnlySpan<byte>(file, (int)length).ToArray()
                : throw new InvalidOperationException($"libjpeg-turbo: {Marshal.PtrToStringUTF8(tjGetErrorStr2(encoder))}");
        }
        finally
        {
            tjFree(file);
            _ = tjDestroy(encoder);
        }
    }

    private static nint Open()
    {
        try
        {
            return tjInitCompress();
        }
        catch (DllNotFoundException missing)
        {
            throw new CliException("libjpeg-turbo is not installed on this machine. Install it: apt-get install libturbojpeg0", missing);
        }
    }

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint tjInitCompress();

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int tjCompress2(
        nint handle, byte* pixels, int width, int pitch, int height, int pixelFormat, ref byte* file, ref nuint length, int subsampling, int quality, int flags);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint tjGetErrorStr2(nint handle);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial void tjFree(byte* file);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int tjDestroy(nint handle);
}
