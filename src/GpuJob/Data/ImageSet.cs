using System.Text.Json;
using System.Text.Json.Serialization;
using LznPipeline.GpuJob.Data.Augmentation;
using LznPipeline.GpuJob.Data.Batches;
using LznPipeline.GpuJob.Data.Reading;
using LznPipeline.Shared;
using LznPipeline.Shared.Hashing;
using LznPipeline.Shared.Recipes;
using LznPipeline.Shared.Requests;
using Microsoft.Extensions.Logging;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Data;

/// <summary>Images of a dataset as evaluation sees them: nothing about them is random.</summary>
internal sealed class ImageSet : IDisposable
{
    private readonly PictureSet _pictures;
    private readonly BadImages _bad;
    private readonly int _threads;

    /// <param name="pictures">Disposed with this.</param>
    /// <param name="threads">Threads that paint images together.</param>
    internal ImageSet(PictureSet pictures, ILogger log, int threads)
    {
        (_pictures, _bad, _threads) = (pictures, new BadImages(BadImagePolicy.Fail, log), threads);     // another image in its place would be measured twice
        Labels = tensor(Enumerable.Range(0, pictures.Count).Select(pictures.LabelOf).ToArray()).DetachFromDisposeScope();
    }

    internal long Count => _pictures.Count;

    /// <summary>Where an image came from.</summary>
    internal string PathOf(int number) => _pictures.PathOf(number);

    /// <summary>int64 [N].</summary>
    internal Tensor Labels { get; }

    /// <summary>Images as a network takes them.</summary>
    /// <param name="indexes">int64 [B].</param>
    /// <returns>float32 [B, 3, S, S] in [-1, 1].</returns>
    internal Tensor Images(Tensor indexes) => Begin(indexes).Take();

    /// <summary>Begins to paint images as a network takes them.</summary>
    /// <param name="indexes">int64 [B].</param>
    internal PaintedImages Begin(Tensor indexes)
    {
        var numbers = indexes.data<long>().ToArray();
        return PaintedImages.Begin(
            numbers.Length,
            _pictures.Recipe.Size,
            _threads,
            () => new SamplePainter(_pictures, _bad),
            (position, painter, buffer) =>
                painter.Paint((int)numbers[position], (width, height, _) => View.Plain(_pictures.Recipe, width, height), buffer, position),
            images => images);
    }

    public void Dispose()
    {
        Labels.Dispose();
        _pictures.Dispose();
    }
}

/// <summary>How image files become a network's input, in words and numbers; its hash tells whether two models saw the same.</summary>
internal sealed record Preprocessing(int Size, int Shorter, string Resize, string Crop, double[] Range)
{
    /// <summary>Null where pictures are taken as they are stored.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]       // so that the hash of other models stays what it was
    public string? Orientation { get; private init; }

    internal static Preprocessing Of(Recipe recipe) =>
        new(recipe.Image.Size, recipe.Image.Resize ?? recipe.Image.Size, "shorter side, bilinear, antialiased as Pillow", "centre", [-1, 1])
        {
            Orientation = recipe.Image.ExifOrientation is true ? "exif" : null,
        };

    internal string Sha256() => ContentHash.Sha256(JsonSerializer.SerializeToUtf8Bytes(this, LznJson.Options));
}
