using System.Security.Cryptography;
using System.Text;

namespace LznPipeline.GpuJob.Data.Sources;

/// <summary>An image as it lies in a source.</summary>
/// <param name="Path">With forward slashes, relative to the source.</param>
/// <param name="Split"><c>train</c>, <c>test</c> or <c>val</c>; null when the source does not say.</param>
/// <param name="Class">Name of the folder it lies in.</param>
/// <param name="Offset">Where its bytes begin in the source's file; 0 for a file of its own.</param>
internal sealed record SourceImage(string Path, string? Split, string Class, long Offset, long Length)
{
    private static readonly string[] Endings = [".jpg", ".jpeg", ".png"];
    private static readonly string[] SplitNames = ["train", "test", "val"];

    /// <summary>Puts images in an order that depends on their paths alone and mixes the classes.</summary>
    internal string Rank { get; } = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path))[..8]);

    /// <summary>Ending in lower case with its dot, <c>.jpg</c> or <c>.png</c>.</summary>
    internal string Ending => Path.EndsWith(".png", StringComparison.OrdinalIgnoreCase) ? ".png" : ".jpg";

    /// <summary>Reads split and class out of a path; null when it is no image or lies in no folder.</summary>
    internal static SourceImage? Parse(string path, long offset, long length)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").ToArray();
        if (parts.Length < 2 || parts[^1].StartsWith('.') || !Endings.Any(ending => parts[^1].EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
            return null;
        var split = parts.Length >= 3 && SplitNames.Contains(parts[^3]) ? parts[^3] : null;
        return new SourceImage(string.Join('/', parts), split, parts[^2], offset, length);
    }
}
