using LznPipeline.GpuJob.Data;
using LznPipeline.GpuJob.Data.Batches;
using LznPipeline.GpuJob.Networks.Small;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation.Features;

/// <summary>Turns images into the features on which generated images are compared with real ones.</summary>
internal interface IFeatureNetwork : IDisposable
{
    FeatureProvenance Provenance { get; }

    /// <param name="images">float32 [B, 3, S, S] in [-1, 1].</param> <returns>Where the network computes.</returns>
    ImageFeatures Of(Tensor images);
}

/// <summary>What a feature network says of images.</summary>
/// <param name="Pooled">One vector an image, [B, d]: for Frechet distance, precision and recall.</param>
/// <param name="Logits">Of classes, [B, classes], for the inception score; null if the network gives none.</param>
/// <param name="Spatial">Features of places, flattened, [B, s], for the spatial Frechet distance; null if the network gives none.</param>
internal sealed record ImageFeatures(Tensor Pooled, Tensor? Logits, Tensor? Spatial);

/// <summary>Where features come from: figures compare only when all of it is the same.</summary>
/// <param name="Network">In words.</param>
/// <param name="Sha256">Of the network's file, or of the weights that were trained.</param>
/// <param name="Resize">How images become its input, in words.</param>
internal sealed record FeatureProvenance(string Network, string Sha256, string Resize);

/// <summary>Brings images to the size at which a feature network sees them.</summary>
/// <param name="size">Side in pixels; null to leave them as they are.</param>
internal sealed class FeatureInput(int? size)
{
    /// <summary>In words, for images of the given side.</summary>
    internal string Describe(int side) => size is null || size == side
        ? $"none, {side} pixels a side"
        : $"from {side} to {size} pixels a side, bilinear{(size < side ? ", antialiased" : "")}";

    /// <param name="images">[B, 3, S, S].</param>
    internal Tensor Of(Tensor images) => size is not { } side || side == images.shape[3]
        ? images
        : nn.functional.interpolate(images, size: [side, side], mode: InterpolationMode.Bilinear, align_corners: false, antialias: side < images.shape[3]);
}

/// <summary>Features of many images, batch by batch.</summary>
internal static class FeatureTables
{
    /// <param name="images">The images from one index on, so many of them: float32 [count, 3, S, S] in [-1, 1].</param>
    /// <param name="done">Called with the number of images done.</param>
    internal static ImageFeatures Of(IFeatureNetwork network, long count, int batchSize, Func<long, long, Tensor> images, Action<long> done)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var batches = new List<ImageFeatures>();
        for (long start = 0; start < count; start += batchSize)
        {
            using var batch = NewDisposeScope();
            var size = Math.Min(batchSize, count - start);
            batches.Add(Kept(network.Of(AsFiled(images(start, size)))));
            done(start + size);
        }

        return Kept(new ImageFeatures(
            cat(batches.ConvertAll(each => each.Pooled)), Joined(batches, each => each.Logits), Joined(batches, each => each.Spatial)));
    }

    /// <summary>Pixels with the 256 values that an image file has, as the real images have them.</summary>
    private static Tensor AsFiled(Tensor images) => ((images.clamp(-1, 1) + 1) * 127.5).round() / 127.5 - 1;

    private static Tensor? Joined(List<ImageFeatures> batches, Func<ImageFeatures, Tensor?> part) =>
        batches.ConvertAll(each => part(each)) is var tables && tables.Contains(null) ? null : cat(tables.ConvertAll(each => each!));     // none is null

    private static ImageFeatures Kept(ImageFeatures features) => new(
        features.Pooled.cpu().MoveToOuterDisposeScope(),
        features.Logits?.cpu().MoveToOuterDisposeScope(),
        features.Spatial?.cpu().MoveToOuterDisposeScope());
}

/// <summary>What a classifier learns so that its features can be used.</summary>
/// <param name="Answers">How many there are to choose from.</param>
/// <param name="What">What it is asked for, in words.</param>
internal abstract record FeatureTask(int Answers, string What)
{
    /// <summary>Whether the answers are classes of the dataset, as the inception score needs.</summary>
    internal abstract bool AreClasses { get; }

    internal static FeatureTask Of(int classes) => classes > 1 ? new Labels(classes) : new Turns();

    /// <summary>The images as they are shown, and the right answers.</summary>
    /// <param name="images">[B, 3, S, S].</param> <param name="labels">int64 [B].</param>
    internal abstract (Tensor Images, Tensor Answers) Ask(Tensor images, Tensor labels);

    /// <summary>The dataset's labels.</summary>
    private sealed record Labels(int Classes) : FeatureTask(Classes, "labels")
    {
        internal override bool AreClasses => true;

        internal override (Tensor Images, Tensor Answers) Ask(Tensor images, Tensor labels) => (images, labels);
    }

    /// <summary>By how many quarters an image was turned (Gidaris et al., 2018): a dataset of one class has no labels to learn.</summary>
    private sealed record Turns() : FeatureTask(Quarters, "quarter turns")
    {
        private const int Quarters = 4;

        internal override bool AreClasses => false;

        internal override (Tensor Images, Tensor Answers) Ask(Tensor images, Tensor labels)
        {
            var parts = images.tensor_split(Quarters);
            var turned = parts.Select((part, turns) => part.rot90(turns, (2, 3))).ToList();
            var answers = parts.Select((part, turns) => full(part.shape[0], (long)turns, dtype: ScalarType.Int64, device: part.device)).ToList();
            return (cat(turned), cat(answers));
        }
    }
}

/// <summary>A small convolutional classifier whose last layers serve as features where no feature network is named.</summary>
internal sealed class FeatureClassifier : nn.Module<Tensor, ImageFeatures>
{
    /// <summary>Length of the pooled features.</summary>
    internal const int Features = 128;

    /// <summary>Channels of the middle feature map that give spatial features; as many as the published spatial Frechet distance takes of Inception.</summary>
    private const int SpatialChannels = 7;

    /// <summary>Places a side of the spatial features; finer maps are pooled.</summary>
    private const int SpatialSide = 8;

    /// <summary>Of a colour image after <see cref="Pixels.Fold"/>.</summary>
    private const int FoldedChannels = 12;

    private readonly List<(Conv2d Convolution, BatchNorm2d Norm)> _early;
    private readonly List<(Conv2d Convolution, BatchNorm2d Norm)> _late;
    private readonly Linear _head;

    internal FeatureClassifier(int classes, Generator generator)
        : base(nameof(FeatureClassifier))
    {
        var layers = new Layers(generator);
        _early = [Block("conv1", layers, FoldedChannels, 32, stride: 1), Block("conv2", layers, 32, 64, stride: 2)];
        _late = [Block("conv3", layers, 64, 96, stride: 1), Block("conv4", layers, 96, Features, stride: 2)];
        register_module("head", _head = layers.Linear(Features, classes));
    }

    /// <param name="images">[B, 3, S, S] in [-1, 1], S even.</param>
    public override ImageFeatures forward(Tensor images)
    {
        var middle = Run(_early, Pixels.Fold(images));
        var pooled = Run(_late, middle).mean([2, 3]);
        var places = middle.narrow(1, 0, SpatialChannels);
        if (places.shape[2] > SpatialSide)
            places = nn.functional.adaptive_avg_pool2d(places, [SpatialSide, SpatialSide]);
        return new ImageFeatures(pooled, _head.call(pooled), places.flatten(1));
    }

    private static Tensor Run(List<(Conv2d Convolution, BatchNorm2d Norm)> blocks, Tensor x) =>
        blocks.Aggregate(x, (h, block) => nn.functional.relu(block.Norm.call(block.Convolution.call(h))));

    private (Conv2d Convolution, BatchNorm2d Norm) Block(string name, Layers layers, long inputs, long outputs, long stride)
    {
        var (convolution, norm) = (layers.Conv2d(inputs, outputs, stride: stride, gain: Math.Sqrt(2)), nn.BatchNorm2d(outputs));
        register_module(name, convolution);
        register_module($"{name}_norm", norm);
        return (convolution, norm);
    }
}

/// <summary>Images of a split: all of them, or so many drawn from it, the same ones each time.</summary>
/// <param name="images">Stays its owner's.</param>
internal sealed class ImageSample(ImageSet images, int? most = null)
{
    private readonly Tensor? _chosen = most < images.Count ? Drawn(images.Count, most.Value) : null;

    internal long Count => _chosen?.shape[0] ?? images.Count;

    /// <summary>int64 [N]; belongs to the caller's dispose scope.</summary>
    internal Tensor Labels => images.Labels.index_select(0, Indexes(0, Count));

    /// <summary>Consecutive images of the sample, float32 [count, 3, S, S] in [-1, 1].</summary>
    internal Tensor Images(long start, long count) => images.Images(Indexes(start, count));

    /// <summary>Begins to decode <see cref="Images"/>.</summary>
    internal PaintedImages Begin(long start, long count) => images.Begin(Indexes(start, count));

    private Tensor Indexes(long start, long count) => _chosen?.narrow(0, start, count) ?? arange(start, start + count, dtype: ScalarType.Int64);

    /// <remarks>
    /// Drawn, since a split has its classes in turn: at equal distances one would meet some of them more often,
    /// and the zones of a batch would be those of a few classes.
    /// </remarks>
    private static Tensor Drawn(long all, int count)
    {
        using var generator = new Generator(0);
        return randperm(all, dtype: ScalarType.Int64, generator: generator).narrow(0, 0, count);
    }
}
