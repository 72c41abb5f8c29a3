using LznPipeline.GpuJob.Data;
using LznPipeline.GpuJob.Networks;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation;

/// <summary>Anchors of many images.</summary>
internal static class ImageAnchors
{
    /// <param name="done">Is told after each batch how many images are encoded.</param>
    /// <returns>In the images' order, [N, d].</returns>
    internal static Tensor Of(LznModel model, ImageSet images, int batchSize, Action<long> done)
    {
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        var anchors = new List<Tensor>();
        for (long start = 0; start < images.Count; start += batchSize)
        {
            using var batch = NewDisposeScope();
            var count = Math.Min(batchSize, images.Count - start);
            anchors.Add(model.Encoder.call(images.Images(arange(start, start + count, dtype: ScalarType.Int64))).MoveToOuterDisposeScope());
            done(start + count);
        }

        return cat(anchors).MoveToOuterDisposeScope();
    }
}
