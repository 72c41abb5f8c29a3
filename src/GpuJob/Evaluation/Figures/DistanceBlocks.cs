using LznPipeline.GpuJob.Flow;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation.Figures;

/// <summary>Distances between two sets of points in blocks of rows, so that [N, M] is never in memory at once.</summary>
internal static class DistanceBlocks
{
    /// <summary>Distances in a block: 32 MiB in float64.</summary>
    private const long BlockSize = 1 << 22;

    /// <summary>||x_i - y_j||^2 for consecutive rows of x, each block with the row that it begins at.</summary>
    /// <param name="x">[N, d].</param> <param name="y">[M, d].</param>
    /// <param name="use">Sees a block, [rows, M]; it ends with the call.</param>
    internal static void ForEach(Tensor x, Tensor y, Action<long, Tensor> use)
    {
        var rows = Math.Max(BlockSize / y.shape[0], 1);
        for (long start = 0; start < x.shape[0]; start += rows)
        {
            using var scope = NewDisposeScope();
            use(start, Distances.Squared(x.narrow(0, start, Math.Min(rows, x.shape[0] - start)), y));
        }
    }
}
