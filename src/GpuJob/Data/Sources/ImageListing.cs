namespace LznPipeline.GpuJob.Data.Sources;

/// <summary>What a source has.</summary>
/// <param name="Images">In no order to rely on.</param>
/// <param name="Classes">In the order of their labels; null for the order of their names.</param>
internal sealed record ImageListing(IReadOnlyList<SourceImage> Images, IReadOnlyList<string>? Classes = null)
{
    /// <summary>Links in the source, if it has no images; nobody follows them.</summary>
    internal int Links { get; init; }

    /// <summary>What to tell people of a source without images.</summary>
    internal string Lack => $"has no images{(Links > 0 ? $", but {Links} symbolic or hard link{(Links > 1 ? "s" : "")}; links are not followed: name what they point to, or copy it there" : "")}. "
        + "Expected are files class/name.jpg (.png, .webp, .gif, .bmp), or split/class/name.jpg with split train, test or val; files without classes; a WebDataset; parquet with a column of images; "
        + "or CIFAR-10 or ImageNet as they are published.";
}
