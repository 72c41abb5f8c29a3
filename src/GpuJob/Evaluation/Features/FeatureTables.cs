using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation.Features;

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

        return Kept(new ImageFeatures(cat(batches.ConvertAll(each => each.Pooled)), Joined(batches, each => each.Logits), Joined(batches, each => each.Spatial)));
    }

    /// <summary>Pixels with the 256 values that an image file has, as the real images have them.</summary>
    private static Tensor AsFiled(Tensor images) => ((images.clamp(-1, 1) + 1) * 127.5).round() / 127.5 - 1;

    private static Tensor? Joined(List<ImageFeatures> batches, Func<ImageFeatures, Tensor?> part) =>
        batches.ConvertAll(each => part(each)) is var tables && tables.Contains(null) ? null : cat(tables.ConvertAll(each => each!));     // none is null

    private static ImageFeatures Kept(ImageFeatures features) =>
        new(features.Pooled.cpu().MoveToOuterDisposeScope(), features.Logits?.cpu().MoveToOuterDisposeScope(), features.Spatial?.cpu().MoveToOuterDisposeScope());
}
