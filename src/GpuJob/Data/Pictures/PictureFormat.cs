namespace LznPipeline.GpuJob.Data.Pictures;

/// <summary>The kinds of image files that are read.</summary>
internal static class PictureFormat
{
    internal const string Names = "JPEG, PNG, WebP, GIF or BMP";

    /// <summary>Of files' names, the one that a shard uses first among those of a format.</summary>
    private static readonly (string Ending, string[] Others)[] Formats = [(".jpg", [".jpeg"]), (".png", []), (".webp", []), (".gif", []), (".bmp", [])];

    /// <summary>Endings that images have in shards.</summary>
    internal static IEnumerable<string> Endings => Formats.Select(format => format.Ending);

    /// <summary>The ending that a file of such a name has in shards; null if that is no image's name.</summary>
    internal static string? EndingOf(string name) => Formats.FirstOrDefault(format => format.Others.Append(format.Ending).Any(ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))).Ending;

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
