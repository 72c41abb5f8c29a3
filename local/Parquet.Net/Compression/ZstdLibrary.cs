using System.Runtime.InteropServices;

namespace Parquet.Compression;

/// <summary>The few functions of libzstd that pages need.</summary>
internal static partial class ZstdLibrary
{
    private const string Library = "libzstd.so.1";

    internal static Compressor NewCompressor() => Load(ZSTD_createCCtx);

    internal static Decompressor NewDecompressor() => Load(ZSTD_createDCtx);

    internal static int LargestSize(int size) => (int)Checked(ZSTD_compressBound((nuint)size));

    internal static int Compress(Compressor compressor, ReadOnlySpan<byte> source, Span<byte> output, int level) =>
        (int)Checked(ZSTD_compressCCtx(compressor, output, (nuint)output.Length, source, (nuint)source.Length, level));

    internal static int Decompress(Decompressor decompressor, ReadOnlySpan<byte> source, Span<byte> output) =>
        (int)Checked(ZSTD_decompressDCtx(decompressor, output, (nuint)output.Length, source, (nuint)source.Length));

    private static T Load<T>(Func<T> create)
    {
        try
        {
            return create();
        }
        catch (DllNotFoundException error)
        {
            throw new ParquetException($"Zstd compression needs the system library {Library}, which is not here. Install it (Debian and Ubuntu: libzstd1) or choose another {nameof(CompressionMethod)}.", error);
        }
    }

    private static nuint Checked(nuint result) =>
        ZSTD_isError(result) == 0 ? result : throw new InvalidDataException($"zstd: {Marshal.PtrToStringUTF8(ZSTD_getErrorName(result))}.");

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial Compressor ZSTD_createCCtx();

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nuint ZSTD_freeCCtx(nint context);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial Decompressor ZSTD_createDCtx();

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nuint ZSTD_freeDCtx(nint context);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nuint ZSTD_compressBound(nuint size);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nuint ZSTD_compressCCtx(Compressor context, Span<byte> output, nuint capacity, ReadOnlySpan<byte> source, nuint size, int level);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nuint ZSTD_decompressDCtx(Decompressor context, Span<byte> output, nuint capacity, ReadOnlySpan<byte> source, nuint size);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint ZSTD_isError(nuint code);

    [LibraryImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint ZSTD_getErrorName(nuint code);

    internal sealed class Compressor() : SafeHandle(invalidHandleValue: 0, ownsHandle: true)
    {
        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle() => ZSTD_freeCCtx(handle) == 0;
    }

    internal sealed class Decompressor() : SafeHandle(invalidHandleValue: 0, ownsHandle: true)
    {
        public override bool IsInvalid => handle == 0;

        protected override bool ReleaseHandle() => ZSTD_freeDCtx(handle) == 0;
    }
}
