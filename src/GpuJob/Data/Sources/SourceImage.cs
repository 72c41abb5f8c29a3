using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Data.Sources.Files;

namespace LznPipeline.GpuJob.Data.Sources;

/// <summary>An image of a source.</summary>
/// <param name="Path">With forward slashes, relative to the source; no two images have the same.</param>
/// <param name="Split"><c>train</c>, <c>test</c> or <c>val</c>; null when the source does not say.</param>
internal sealed record SourceImage(string Path, string? Split, string Class, IImageFile File)
{
    /// <summary>The class of images that have none.</summary>
    internal const string Unlabelled = "all";

    /// <summary>Longest image file, bytes.</summary>
    private const long MaxFileBytes = 64L << 20;

    /// <summary>Puts images in an order that depends on their paths alone and mixes the classes.</summary>
    internal ulong Rank { get; } = RankOf(Path);

    /// <summary>Ending in lower case with its dot, such as <c>.jpg</c>; that for a file whose name says nothing.</summary>
    internal string Ending => PictureFormat.EndingOf(Path) ?? ".jpg";

    /// <summary>Whether a name is that of an image.</summary>
    internal static bool IsNamedSo(string name) => PictureFormat.EndingOf(name) is not null;

    /// <summary>Whether a file is an image by its name, and meant to be one.</summary>
    internal static bool IsNamedSo(SourceFile file) => IsNamedSo(file.Path) && !file.Name.StartsWith('.') && !file.Path.StartsWith("__MACOSX/", StringComparison.Ordinal);

    /// <summary>Puts paths in an order that has nothing to do with their folders.</summary>
    internal static ulong RankOf(string path) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(path)));

    /// <summary>The bytes of its file.</summary>
    /// <exception cref="BadImageException">They cannot be had.</exception>
    internal byte[] Read()
    {
        if (Path.Split('/').Contains(".."))
            throw new BadImageException("its path leads out of the source");
        if (File.Length > MaxFileBytes)
            throw new BadImageException($"it has {File.Length} bytes; at most {MaxFileBytes} are allowed");
        return File.Read();
    }
}
