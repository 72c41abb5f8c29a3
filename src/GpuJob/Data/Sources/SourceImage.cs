using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Data.Sources.Files;

namespace LznPipeline.GpuJob.Data.Sources;

/// <summary>An image of a source.</summary>
/// <param name="Path">With forward slashes, relative to the source; no two images have the same.</param>
/// <param name="Split"><c>train</c>, <c>test</c> or <c>val</c>; null when the source does not say.</param>
/// <param name="Class">Null for an image without a label in a source whose images have them.</param>
internal sealed record SourceImage(string Path, string? Split, string? Class, IImageFile File)
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

    /// <summary>Whether a file is an image by its name.</summary>
    internal static bool IsNamedSo(SourceFile file) => IsNamedSo(file.Path);

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

/// <summary>What a source has.</summary>
/// <param name="Images">In no order to rely on.</param>
/// <param name="Classes">In the order of their labels; null for the order of their names.</param>
internal sealed record ImageListing(IReadOnlyList<SourceImage> Images, IReadOnlyList<string>? Classes = null)
{
    /// <summary>How the files were understood, for people.</summary>
    internal required string Layout { get; init; }

    /// <summary>Files, by path, that belong to the images, such as labels.</summary>
    internal Predicate<SourceFile> IsUsed { get; init; } = _ => true;

    /// <summary>How many files are no part of the images, by ending, and links, which nobody follows.</summary>
    internal SortedDictionary<string, long> LeftOut { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Why nobody should be trained on this as it was understood, to continue a sentence; null for no reason.</summary>
    internal string? Doubt { get; init; }

    /// <summary>Links in the source, if it has no images.</summary>
    internal int Links { get; init; }

    /// <summary>
    /// Without splits none of whose images has a label, while others have: test images whose labels their publisher keeps.
    /// Validation images then take their place.
    /// </summary>
    internal ImageListing WithoutUnlabelledSplits()
    {
        var aside = Images.GroupBy(image => image.Split, StringComparer.Ordinal).Where(split => split.All(image => image.Class is null)).ToList();
        if (aside.Count == 0 || aside.Sum(split => split.Count()) == Images.Count)
            return this;
        var words = aside.Select(split => $"{split.Key ?? "what is in no split"} ({split.Count()}), which has no labels");
        return this with { Images = [.. Images.Except(aside.SelectMany(split => split))], Layout = $"{Layout}, but not {string.Join(" and ", words)}" };
    }

    /// <summary>Names of classes that are all whole numbers, in the order of these and not of their digits; null for others.</summary>
    internal static IReadOnlyList<string>? Numbered(IEnumerable<string> classes)
    {
        var names = classes.Distinct(StringComparer.Ordinal).ToList();
        return names.TrueForAll(name => long.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
            ? [.. names.OrderBy(name => long.Parse(name, CultureInfo.InvariantCulture))]
            : null;
    }

    /// <summary>What to tell people of a source without images.</summary>
    internal string Lack => "has no images"
        + (Links > 0
            ? $", but {Links} symbolic or hard link{(Links > 1 ? "s" : "")}; links are not followed: name what they point to, or copy it there"
            : "")
        + ". Expected are files class/name.jpg (.png, .webp, .gif, .bmp), or split/class/name.jpg with split train, test or val; "
        + "files without classes; a WebDataset; parquet with a column of images; or CIFAR-10 or ImageNet as they are published.";
}
