using LznPipeline.GpuJob.Data;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation;

/// <summary>Images of a split: all of them, or so many spread evenly over it.</summary>
/// <param name="images">Stays its owner's.</param>
internal sealed class ImageSample(ImageSet images, int? most = null)
{
    private readonly Tensor? _chosen = most < images.Count ? Spread(images.Count, most.Value) : null;

    internal long Count => _chosen?.shape[0] ?? images.Count;

    /// <summary>int64 [N]; belongs to the caller's dispose scope.</summary>
    internal Tensor Labels => images.Labels.index_select(0, Indexes(0, Count));

    /// <summary>Consecutive images of the sample, float32 [count, 3, S, S] in [-1, 1].</summary>
    internal Tensor Images(long start, long count) => images.Images(Indexes(start, count));

    private Tensor Indexes(long start, long count) => _chosen?.narrow(0, start, count) ?? arange(start, start + count, dtype: ScalarType.Int64);

    /// <summary>Numbers below <paramref name="all"/> at equal distances, from the first to the last.</summary>
    private static Tensor Spread(long all, int count) => linspace(0, all - 1, count, dtype: ScalarType.Float64).round().to_type(ScalarType.Int64);
}
