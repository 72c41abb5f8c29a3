using LznPipeline.GpuJob.Data.Sources;
using LznPipeline.GpuJob.Data.Sources.Layouts;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Storage;

namespace LznPipeline.GpuJob.Data;

/// <summary>The images of a source, however they lie in it.</summary>
internal sealed class ImageSource : IDisposable
{
    /// <summary>The first that fits is taken; the last fits anything.</summary>
    private static readonly IImageLayout[] Layouts =
        [new CifarBinary(), new CifarPython(), new ImageNet(), new ParquetImages(), new WebDataset(), new ClassFolders()];

    private readonly SourceTree _tree;

    private ImageSource(SourceTree tree, ImageListing listing) => (_tree, Listing) = (tree, listing);

    internal ImageListing Listing { get; }

    /// <summary>Opens what a request names.</summary>
    /// <param name="address">See <see cref="SourceTree.OpenAsync"/>.</param>
    /// <exception cref="BadInputException">There is nothing there, or it is damaged.</exception>
    internal static async Task<ImageSource> OpenAsync(string address, ArtifactStore store, CancellationToken stop) =>
        await OfAsync(await SourceTree.OpenAsync(address, store, stop), stop);

    /// <summary>Opens what a command line names: a path; it may be that of a single image.</summary>
    /// <inheritdoc cref="OpenAsync(string, ArtifactStore, CancellationToken)"/>
    internal static async Task<ImageSource> OpenAsync(string path, CancellationToken stop) =>
        await OfAsync(await SourceTree.OpenAsync(path, store: null, stop), stop);

    private static async Task<ImageSource> OfAsync(SourceTree tree, CancellationToken stop)
    {
        try
        {
            foreach (var layout in Layouts)
            {
                if (await layout.ReadAsync(tree, stop) is { } listing)
                    return new ImageSource(tree, listing with { LeftOut = LeftOut(tree, listing), Links = tree.Links });
            }

            throw new InvalidOperationException("The last layout fits anything.");
        }
        catch
        {
            tree.Dispose();
            throw;
        }
    }

    private static SortedDictionary<string, long> LeftOut(SourceTree tree, ImageListing listing)
    {
        var images = listing.Images.Select(image => image.Path).ToHashSet(StringComparer.Ordinal);
        var endings = tree.Files
            .Where(file => !images.Contains(file.Path) && !listing.IsUsed(file))
            .Select(file => Path.GetExtension(file.Name) is { Length: > 1 } ending ? ending.ToLowerInvariant() : "no ending");
        return new(
            endings.CountBy(ending => ending).Append(new("links", tree.Links))
                .Where(each => each.Value > 0).ToDictionary(each => each.Key, each => (long)each.Value),
            StringComparer.Ordinal);
    }

    public void Dispose() => _tree.Dispose();
}
