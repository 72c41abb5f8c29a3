using LznPipeline.GpuJob.Training;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Data.Batches;

/// <summary>Batches from images that are held in memory as bytes.</summary>
internal sealed class HeldBatches : IBatchSource
{
    private readonly ImageSet _images;
    private readonly AugmentationRecipe _augmentation;
    private readonly int _views;
    private readonly Draws _draws;
    private readonly SampleOrder _order;

    /// <param name="images">Not disposed with this.</param>
    /// <param name="views">Variations of each image in a batch.</param>
    internal HeldBatches(ImageSet images, AugmentationRecipe augmentation, int batchSize, int views, long seed)
    {
        if (augmentation is not { RandomResizedCrop: null, ColorJitter: null, Grayscale: 0, GaussianBlur: null })
            throw new NotSupportedException("Images held at their final size can be mirrored only.");
        (_images, _augmentation, _views, _draws) = (images, augmentation, views, new Draws(seed));
        BatchSize = (int)Math.Min(batchSize, images.Count);
        _order = new SampleOrder(images.Count, BatchSize, seed);
    }

    /// <summary>As a recipe trains: a representation sees two views of each image.</summary>
    internal static HeldBatches For(Recipe recipe, ImageSet images, long seed) =>
        new(images, recipe.Image.Augmentation, recipe.Training.BatchSize, recipe.Objective is Objective.Representation ? 2 : 1, seed);

    public int BatchSize { get; }

    public long BatchesPerEpoch => _images.Count / BatchSize;

    public Batch At(long iteration)
    {
        using var scope = NewDisposeScope();
        var indexes = _order.At(iteration);
        var images = _images.Images(indexes);                                       // [B, 3, S, S]
        var views = Enumerable.Range(0, _views).Select(view => Flipped(images, iteration, view).MoveToOuterDisposeScope()).ToArray();
        return new Batch(views, _images.Labels.index_select(0, indexes).MoveToOuterDisposeScope());
    }

    public void Dispose() => _order.Dispose();

    private Tensor Flipped(Tensor images, long iteration, int view)
    {
        if (!_augmentation.HorizontalFlip)
            return images.alias();
        var mirrored = Enumerable.Range(0, BatchSize).Select(position => _draws.ForSample(iteration, position, view).Uniform() < 0.5).ToArray();
        return where(tensor(mirrored).view(-1, 1, 1, 1), images.flip(3), images);
    }
}
