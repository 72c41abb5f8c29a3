using System.Collections.Concurrent;
using LznPipeline.GpuJob.Data.Augmentation;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Requests;
using Microsoft.Extensions.Logging;

namespace LznPipeline.GpuJob.Data.Reading;

/// <summary>The pictures of a split by number, in the order of its shards. Any number of threads may read at once.</summary>
/// <param name="recipe">What is still to be done with the pictures.</param>
internal abstract class PictureSet(ImageRecipe recipe) : IDisposable
{
    internal abstract int Count { get; }

    /// <summary>What is still to be done with the pictures.</summary>
    internal ImageRecipe Recipe => recipe;

    internal abstract long LabelOf(int number);

    /// <summary>Where the picture came from, relative to the dataset's source.</summary>
    internal abstract string PathOf(int number);

    /// <summary>Width and height of the whole picture.</summary>
    /// <exception cref="BadImageException">It cannot be used.</exception>
    internal abstract (int Width, int Height) Measure(int number);

    /// <param name="reduction">1, 2, 4 or 8: by how much smaller it may be decoded.</param>
    /// <param name="decoder">The calling thread's. Its next picture may overwrite this one.</param>
    /// <exception cref="BadImageException">It cannot be used.</exception>
    internal abstract Picture Read(int number, int reduction, PictureDecoder decoder);

    public abstract void Dispose();
}

/// <summary>Decides whether a split's pictures are held in memory or read from their shards each time. What is read is the same, to the bit.</summary>
internal static class PictureSets
{
    /// <param name="index">Disposed with the set, or before.</param>
    /// <param name="cropped">Whether parts of the pictures are to be chosen at random, so that whole pictures are needed.</param>
    internal static PictureSet Open(ShardIndex index, ImageRecipe recipe, bool cropped, DataSettings settings, JobSurroundings context)
    {
        var pictures = new ShardPictures(index, recipe);
        var bytes = cropped ? Bytes(index) : (long)index.Count * Picture.ByteCount(recipe.Size, recipe.Size);
        if (bytes > settings.HeldBytes || cropped && index.Entries.Any(entry => MayShrink(entry, recipe.TrainingSize())))
            return pictures;
        using (pictures)
            return cropped ? Hold(pictures, recipe, Whole, settings, context) : Hold(pictures, recipe with { Resize = null }, Framed, settings, context);
    }

    private static long Bytes(ShardIndex index) => index.Entries.Sum(entry => (long)entry.Width * entry.Height * Picture.Channels);

    /// <summary>Whether a part of the picture might be decoded reduced: held whole, it would look a little different.</summary>
    private static bool MayShrink(ShardEntry entry, int size) => Window.Part(0, 0, entry.Width, entry.Height, size).Reduction > 1;

    private static HeldPictures Hold(
        ShardPictures pictures, ImageRecipe recipe, Func<ShardPictures, int, Tools, Picture> make, DataSettings settings, JobSurroundings context)
    {
        var (held, labels, paths, done) = (new Picture?[pictures.Count], new long[pictures.Count], new string[pictures.Count], 0);
        Together.Do(pictures.Count, settings.Threads, () => new Tools(recipe), (number, tools) =>
        {
            context.ThrowIfStopRequested();
            (labels[number], paths[number]) = (pictures.LabelOf(number), pictures.PathOf(number));
            try
            {
                held[number] = make(pictures, number, tools);
            }
            catch (BadImageException)
            {
                // Null says so. Whether that matters is for whoever asks for it.
            }

            context.Report(new JobProgress("decode images", Interlocked.Increment(ref done), held.Length));
        });
        return new HeldPictures(recipe, held, labels, paths);
    }

    private static Picture Whole(ShardPictures source, int number, Tools tools)
    {
        var picture = source.Read(number, reduction: 1, tools.Decoder);
        return picture with { Pixels = picture.Pixels[..Picture.ByteCount(picture.Width, picture.Height)] };
    }

    /// <summary>As evaluation sees it.</summary>
    private static Picture Framed(ShardPictures source, int number, Tools tools)
    {
        var (recipe, (width, height)) = (source.Recipe, source.Measure(number));
        var view = View.Plain(recipe, width, height);
        var planes = tools.Planes(Picture.ByteCount(recipe.Size, recipe.Size));
        tools.Painter.Paint(source.Read(number, view.Window.Reduction, tools.Decoder), view, recipe.Size, planes);
        var picture = Picture.Blank(recipe.Size, recipe.Size);
        var count = planes.Length / Picture.Channels;
        for (var pixel = 0; pixel < count; pixel++)
        for (var channel = 0; channel < Picture.Channels; channel++)
            picture.Pixels[pixel * Picture.Channels + channel] = planes[channel * count + pixel];
        return picture;
    }

    /// <summary>What one thread needs.</summary>
    private sealed class Tools(ImageRecipe recipe)
    {
        private byte[] _planes = [];

        internal PictureDecoder Decoder { get; } = new(recipe.ExifOrientation is true);

        internal ViewPainter Painter { get; } = new();

        internal Span<byte> Planes(int length) => (_planes.Length == length ? _planes : _planes = new byte[length]);
    }
}

/// <summary>Pictures that are held in memory, decoded.</summary>
/// <param name="pictures">Null for those that cannot be used.</param>
/// <param name="paths">Where each came from.</param>
internal sealed class HeldPictures(
    ImageRecipe recipe, IReadOnlyList<Picture?> pictures, IReadOnlyList<long> labels, IReadOnlyList<string> paths) : PictureSet(recipe)
{
    internal override int Count => pictures.Count;

    internal override long LabelOf(int number) => labels[number];

    internal override string PathOf(int number) => paths[number];

    internal override (int Width, int Height) Measure(int number) => (Held(number).Width, Held(number).Height);

    internal override Picture Read(int number, int reduction, PictureDecoder decoder) => Held(number);

    public override void Dispose()
    {
    }

    private Picture Held(int number) => pictures[number] ?? throw new BadImageException("it could not be decoded");
}

/// <summary>Pictures that are read from their shards and decoded each time: for sets that memory cannot hold.</summary>
/// <param name="index">Disposed with this.</param>
internal sealed class ShardPictures(ShardIndex index, ImageRecipe recipe) : PictureSet(recipe)
{
    internal override int Count => index.Count;

    internal override long LabelOf(int number) => index[number].Label;

    internal override string PathOf(int number) => index.PathOf(number);

    internal override (int Width, int Height) Measure(int number) => index[number] is { Width: > 0 } entry
        ? (entry.Width, entry.Height)
        : throw new BadImageException("it is no image, or its header is damaged");

    internal override Picture Read(int number, int reduction, PictureDecoder decoder)
    {
        ref readonly var entry = ref index[number];
        var file = decoder.Room(entry.Image.Length);
        index.Read(entry.Shard, entry.Image, file);
        return decoder.Decode(file, reduction);
    }

    public override void Dispose() => index.Dispose();
}

/// <summary>Decides what a broken image does, and keeps account of all.</summary>
internal sealed class BadImages(BadImagePolicy policy, ILogger log)
{
    private readonly ConcurrentDictionary<int, string> _found = new();

    /// <summary>How many different images could not be used.</summary>
    internal int Count => _found.Count;

    /// <summary>Returns if the image is to be left out. It is named once.</summary>
    /// <exception cref="BadInputException">It is not to be left out, or all have been.</exception>
    internal void Add(PictureSet pictures, int number, BadImageException bad)
    {
        var path = pictures.PathOf(number);
        if (policy is BadImagePolicy.Fail)
            throw new BadInputException(
                $"Image '{path}' cannot be used: {bad.Message}. Repair or remove it and prepare the data anew, or set dataset.onBadImage to skip.", bad);
        if (_found.TryAdd(number, path))
            log.ImageReplaced(path, bad.Message, _found.Count);
        if (_found.Count == pictures.Count)
            throw new BadInputException($"None of the {pictures.Count} images can be used; the last is '{path}': {bad.Message}.", bad);
    }
}
