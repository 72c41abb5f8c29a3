using LznPipeline.GpuJob.Data.Sources.Layouts;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.Shared.Storage;

namespace LznPipeline.GpuJob.Data.Sources;

/// <summary>The images of a source, however they lie in it.</summary>
internal sealed class ImageSource : IDisposable
{
    /// <summary>The first that fits is taken; the last fits anything.</summary>
    private static readonly IImageLayout[] Layouts = [new Cifar10Binary(), new Cifar10Python(), new ImageNet(), new ParquetImages(), new WebDataset(), new ClassFolders()];

    private readonly SourceTree _tree;

    private ImageSource(SourceTree tree, ImageListing listing) => (_tree, Listing) = (tree, listing);

    internal ImageListing Listing { get; }

    /// <param name="address">See <see cref="SourceTree.OpenAsync"/>.</param>
    /// <exception cref="BadInputException">There is nothing there, or it is damaged.</exception>
    internal static async Task<ImageSource> OpenAsync(string address, ArtifactStore store, CancellationToken stop)
    {
        var tree = await SourceTree.OpenAsync(address, store, stop);
        try
        {
            foreach (var layout in Layouts)
            {
                if (await layout.ReadAsync(tree, stop) is { } listing)
                    return new ImageSource(tree, listing);
            }

            throw new InvalidOperationException("The last layout fits anything.");
        }
        catch
        {
            tree.Dispose();
            throw;
        }
    }

    public void Dispose() => _tree.Dispose();
}
