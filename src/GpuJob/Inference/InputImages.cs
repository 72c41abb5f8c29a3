using LznPipeline.GpuJob.Data;
using LznPipeline.GpuJob.Data.Sources;
using LznPipeline.GpuJob.Runtime;

namespace LznPipeline.GpuJob.Inference;

/// <summary>An image that a model is used on.</summary>
/// <param name="Id">Its path in the input, behind the input's own if there are several; the input itself if that is the image.</param>
internal sealed record InputImage(string Id, SourceImage Source)
{
    /// <summary>Puts images in an order that depends on their ids alone and mixes the classes.</summary>
    internal ulong Rank { get; } = SourceImage.RankOf(Id);
}

/// <summary>The images of all inputs, in the order of the inputs, and within each of their paths.</summary>
internal sealed class InputImages : IDisposable
{
    private readonly List<ImageSource> _sources = [];
    private readonly List<InputImage> _images = [];
    private readonly List<string> _classes = [];

    private InputImages()
    {
    }

    internal IReadOnlyList<InputImage> Images => _images;

    /// <summary>Of the sources, in the order of their labels.</summary>
    internal IReadOnlyList<string> Classes => _classes;

    /// <exception cref="BadInputException">An input is not there, is damaged, or has no images.</exception>
    internal static async Task<InputImages> OpenAsync(IReadOnlyCollection<string> inputs, CancellationToken stop)
    {
        var all = new InputImages();
        try
        {
            foreach (var input in inputs)
                all.Add(input, await ImageSource.OpenAsync(input, stop), isAlone: inputs.Count == 1);
            return all;
        }
        catch
        {
            all.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        foreach (var source in _sources)
            source.Dispose();
    }

    private void Add(string input, ImageSource source, bool isAlone)
    {
        _sources.Add(source);
        var (images, classes) = source.Listing;
        if (images.Count == 0)
            throw new BadInputException($"'{input}' {source.Listing.Lack}");
        var prefix = isAlone ? "" : $"{Path.TrimEndingDirectorySeparator(input)}/";
        _images.AddRange(SourceImage.IsNamedSo(input) && !Directory.Exists(input)
            ? [new InputImage(input, images[0])]
            : images.Select(image => new InputImage(prefix + image.Path, image)));
        _classes.AddRange((classes ?? [.. images.Select(image => image.Class).Distinct().Order(StringComparer.Ordinal)]).Except(_classes));
    }
}
