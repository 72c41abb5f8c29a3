using LznPipeline.GpuJob.Runtime;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation.Figures;

/// <summary>
/// Improved precision and recall (Kynkaanniemi et al., 2019): the part of the generated images that lie in the manifold of the real ones, and the reverse.
/// A set's manifold is the union of balls around its points, each reaching to the point's k-th nearest neighbour in the set.
/// </summary>
internal static class PrecisionRecall
{
    /// <summary>Neighbours, the point itself not counted.</summary>
    internal const int Neighbours = 3;

    /// <param name="real">[N, d].</param> <param name="made">[M, d].</param>
    /// <exception cref="BadInputException">A set has no k-th neighbour.</exception>
    internal static (double Precision, double Recall) Of(Tensor real, Tensor made, int k = Neighbours)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var (reals, mades) = FeatureCheck.Comparable(real, made);
        if (Math.Min(reals.shape[0], mades.shape[0]) <= k)
            throw new BadInputException($"Precision and recall with {k} neighbours need more than {k} images on each side; there are {reals.shape[0]} real and {mades.shape[0]} generated ones.");
        // Distances do not change with the origin, but their rounding does.
        var origin = reals.mean([0], keepdim: true);
        (reals, mades) = (reals - origin, mades - origin);
        return (Covered(mades, reals, k), Covered(reals, mades, k));
    }

    /// <summary>Part of the points that lie in the manifold.</summary>
    private static double Covered(Tensor points, Tensor manifold, int k)
    {
        var radii = SquaredRadii(manifold, k);
        var inside = 0L;
        DistanceBlocks.ForEach(points, manifold, (_, distances) => inside += (distances <= radii).any(1).sum().item<long>());
        return (double)inside / points.shape[0];
    }

    /// <summary>Squared distance of each point to its k-th nearest neighbour, [N].</summary>
    private static Tensor SquaredRadii(Tensor points, int k)
    {
        var radii = new List<Tensor>();
        DistanceBlocks.ForEach(points, points, (_, distances) => radii.Add(distances.topk(k + 1, 1, largest: false).values.amax([1]).MoveToOuterDisposeScope()));      // + 1: itself, at distance 0
        return cat(radii);
    }
}
