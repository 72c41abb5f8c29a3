using LznPipeline.GpuJob.Data;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation.Features;

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

    private Tensor Indexes(long start, long count) => _chosen?.narrow(0, start, count) ?? arange(start, start + count, dtype: ScalarType.Int64);

    /// <remarks>Drawn, since a split has its classes in turn: at equal distances one would meet some of them more often, and the zones of a batch would be those of a few classes.</remarks>
    private static Tensor Drawn(long all, int count)
    {
        using var generator = new Generator(0);
        return randperm(all, dtype: ScalarType.Int64, generator: generator).narrow(0, 0, count);
    }
}
