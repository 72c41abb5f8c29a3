using LznPipeline.GpuJob.Data.Augmentation;
using LznPipeline.GpuJob.Data.Pictures;
using LznPipeline.GpuJob.Jobs;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.GpuJob.Data.Reading;

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

    private static HeldPictures Hold(ShardPictures pictures, ImageRecipe recipe, Func<ShardPictures, int, Tools, Picture> make, DataSettings settings, JobSurroundings context)
    {
        var (held, labels, paths, done) = (new Picture?[pictures.Count], new long[pictures.Count], new string[pictures.Count], 0);
        Together.Do(pictures.Count, settings.Threads, () => new Tools(), (number, tools) =>
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
    private sealed class Tools
    {
        private byte[] _planes = [];

        internal PictureDecoder Decoder { get; } = new();

        internal ViewPainter Painter { get; } = new();

        internal Span<byte> Planes(int length) => (_planes.Length == length ? _planes : _planes = new byte[length]);
    }
}
