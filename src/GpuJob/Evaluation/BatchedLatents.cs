using LznPipeline.GpuJob.Flow;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation;

/// <summary>Latents of many images, whose zones are formed batch by batch.</summary>
internal static class BatchedLatents
{
    /// <param name="anchors">[N, d].</param>
    /// <param name="prior">N(0, I) times the wanted scale, [N, d]; zeros give the middle of each zone.</param>
    /// <param name="batchSize">Images whose zones share the latent space.</param>
    /// <returns>[N, d].</returns>
    /// <remarks>
    /// An image's latent depends on the zones of the others in its batch. Every batch is full: the last one begins early enough, and only its new images count,
    /// because among few zones a latent says little about its image.
    /// </remarks>
    internal static Tensor Of(LatentFlow flow, Tensor anchors, Tensor prior, long batchSize)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var count = anchors.shape[0];
        var size = Math.Min(batchSize, count);
        var own = arange(size, dtype: ScalarType.Int64);
        var latents = new List<Tensor>();
        for (var done = 0L; done < count; done += size)
        {
            using var batch = NewDisposeScope();
            var start = Math.Min(done, count - size);
            var all = flow.Forward(anchors.narrow(0, start, size), prior.narrow(0, start, size), own);
            latents.Add(all.narrow(0, done - start, size - (done - start)).MoveToOuterDisposeScope());
        }

        return cat(latents).MoveToOuterDisposeScope();
    }
}
