using LznPipeline.GpuJob.Data;
using LznPipeline.GpuJob.Data.Augmentation;
using LznPipeline.GpuJob.Data.Batches;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Data.Reading;
using LznPipeline.GpuJob.Data.Sources;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Requests;
using Microsoft.Extensions.Logging;
using static TorchSharp.torch;

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
        _classes.AddRange((classes ?? [.. images.Select(image => image.Class).OfType<string>().Distinct().Order(StringComparer.Ordinal)]).Except(_classes));
    }
}

/// <summary>Reads images as evaluation sees them, some at a time, from first to last.</summary>
internal sealed class ImageReader(IReadOnlyList<InputImage> images, ImageRecipe recipe, BadImagePolicy policy, ILogger log)
{
    private readonly int _threads = DataSettings.FromEnvironment().Threads;
    private readonly List<InputImage> _usable = [];

    /// <summary>Those that were read so far.</summary>
    internal IReadOnlyList<InputImage> Taken => _usable;

    /// <summary>Begins to read some; they are to be taken in their order. What is taken is without those that are left out.</summary>
    /// <exception cref="BadInputException">When they are taken: an image cannot be used and is not to be left out, or none can.</exception>
    internal PaintedImages Begin(long start, long count)
    {
        var problems = new BadImageException?[count];
        return PaintedImages.Begin(
            (int)count,
            recipe.Size,
            _threads,
            () => new Painter(recipe),
            (position, painter, buffer) =>
            {
                try
                {
                    painter.Paint(images[(int)start + position].Source.Read(), buffer.Image(view: 0, position));
                }
                catch (BadImageException bad)
                {
                    problems[position] = bad;
                }
            },
            all => Usable(all, start, problems));
    }

    private Tensor Usable(Tensor all, long start, BadImageException?[] problems)
    {
        using var scope = NewDisposeScope();
        var usable = Enumerable.Range(0, problems.Length).Where(position => problems[position] is null).ToArray();
        foreach (var (position, problem) in problems.Index().Where(each => each.Item is not null))
            LeaveOut(images[(int)start + position], problem!);      // those without were left out
        _usable.AddRange(usable.Select(position => images[(int)start + position]));
        if (start + problems.Length == images.Count)
            End();
        return all.index_select(0, tensor(Array.ConvertAll(usable, position => (long)position), dtype: ScalarType.Int64)).MoveToOuterDisposeScope();
    }

    private void LeaveOut(InputImage image, BadImageException problem)
    {
        if (policy is BadImagePolicy.Fail)
            throw new BadInputException(
                $"Image '{image.Id}' cannot be used: {problem.Message}. Repair or remove it, or leave it out with --on-bad-image skip.", problem);
        log.ImageSkipped(image.Id, problem.Message);
    }

    private void End()
    {
        if (_usable.Count == 0)
            throw new BadInputException($"None of the {images.Count} images can be used.");
        if (_usable.Count < images.Count)
            log.ImagesSkipped(images.Count - _usable.Count, images.Count);
    }

    /// <summary>What one thread needs.</summary>
    private sealed class Painter(ImageRecipe recipe)
    {
        private readonly PictureDecoder _decoder = new(recipe.ExifOrientation is true);
        private readonly ViewPainter _painter = new();

        internal void Paint(byte[] file, Span<byte> planes)
        {
            var (width, height) = PictureDecoder.Measure(file, recipe.ExifOrientation is true);
            var view = View.Plain(recipe, width, height);
            _painter.Paint(_decoder.Decode(file, view.Window.Reduction), view, recipe.Size, planes);
        }
    }
}
