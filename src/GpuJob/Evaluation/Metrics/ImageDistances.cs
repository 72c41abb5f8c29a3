using LznPipeline.GpuJob.Flow;
using LznPipeline.GpuJob.Runtime;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation.Metrics;

/// <summary>
/// Frechet distance between the Gaussians that two sets of features have in mean and covariance: ||m1 - m2||^2 + tr(C1 + C2 - 2 (C1 C2)^1/2), with unbiased
/// covariances. On Inception features this is FID (Heusel et al., 2017), on spatial ones sFID (Nash et al., 2021).
/// </summary>
/// <remarks>
/// With C = R'R the eigenvalues of C1 C2 are the squared singular values of R1 R2', so tr (C1 C2)^1/2 is their sum. R comes from the centred
/// features by QR, never through C, whose formation squares the condition number: rank-deficient covariances, as of fewer images than
/// features, cost no accuracy and need no added diagonal.
/// </remarks>
internal static class FrechetDistance
{
    /// <summary>Rows that a step of the factorisation takes, in multiples of the columns: memory stays near that of the features.</summary>
    private const int RowsAColumn = 4;

    /// <param name="real">[N, d].</param> <param name="made">[M, d].</param>
    internal static double Of(Tensor real, Tensor made)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var (reals, mades) = FeatureCheck.Comparable(real, made);
        var (factor1, factor2) = (Factor(reals), Factor(mades));
        // tr R'R is the sum of R's squares
        var apart = (reals.mean([0]) - mades.mean([0])).square().sum() + factor1.square().sum() + factor2.square().sum();
        var overlap = linalg.svdvals(factor1.mm(factor2.t())).sum();
        return Math.Max((apart - overlap * 2).item<double>(), 0);
    }

    /// <summary>R with R'R the unbiased covariance, [min(N, d), d].</summary>
    private static Tensor Factor(Tensor features)
    {
        using var scope = NewDisposeScope();
        var centred = features - features.mean([0], keepdim: true);
        var factor = centred.narrow(0, 0, 0);
        foreach (var rows in centred.split(RowsAColumn * features.shape[1]))
            factor = linalg.qr(cat([factor, rows]), linalg.QRMode.R).R;
        return (factor / Math.Sqrt(features.shape[0] - 1)).MoveToOuterDisposeScope();
    }
}

/// <summary>
/// exp of the mean Kullback-Leibler divergence of each image's class probabilities from their mean
/// (Salimans et al., 2016): 1 to the number of classes, more is better.
/// </summary>
internal static class InceptionScore
{
    /// <summary>Images a split; the score is computed for each and averaged.</summary>
    internal const int SplitSize = 5000;

    /// <param name="logits">[N, classes]. A last, smaller split counts like the others.</param>
    internal static double Of(Tensor logits, int splitSize = SplitSize)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        return FeatureCheck.Finite(logits, "generated images").split(splitSize).Average(OfSplit);
    }

    private static double OfSplit(Tensor logits)
    {
        var logs = logits.log_softmax(1);
        var p = logs.exp();
        // In logarithms: a class that no image has, with mean probability 0 in float64, adds 0 instead of NaN.
        var logMean = logs.logsumexp(0, keepdim: true) - Math.Log(logits.shape[0]);
        return (p * (logs - logMean)).sum(1).mean().exp().item<double>();
    }
}

/// <summary>
/// Improved precision and recall (Kynkaanniemi et al., 2019): the fraction of the generated images that lie in the manifold of the real ones, and the reverse.
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
            throw new BadInputException($"Precision and recall with {k} neighbours need more than {k} images on each side; "
                + $"there are {reals.shape[0]} real and {mades.shape[0]} generated ones.");
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
        // + 1: itself, at distance 0
        DistanceBlocks.ForEach(points, points, (_, distances) =>
            radii.Add(distances.topk(k + 1, 1, largest: false).values.amax([1]).MoveToOuterDisposeScope()));
        return cat(radii);
    }
}

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

/// <summary>What every figure demands of the features that it is computed from.</summary>
internal static class FeatureCheck
{
    /// <param name="features">One row an image, [N, d].</param> <param name="whose">Whose features they are, for messages.</param>
    /// <returns>The same in float64, [N, d].</returns>
    /// <exception cref="BadInputException">They are no table, fewer than two, or not all finite.</exception>
    internal static Tensor Finite(Tensor features, string whose)
    {
        if (features.dim() != 2 || features.shape[0] < 2 || features.shape[1] < 1)
            throw new BadInputException($"The features of the {whose} have shape [{string.Join(", ", features.shape)}]. "
                + "A figure needs at least two rows, one an image, of at least one number.");
        var numbers = features.to_type(ScalarType.Float64);
        var broken = numbers.numel() - numbers.isfinite().sum().item<long>();
        return broken == 0
            ? numbers
            : throw new BadInputException($"{broken} of {numbers.numel()} numbers in the features of the {whose} are not finite. "
                + "The model, or the network that computes features, is broken.");
    }

    /// <inheritdoc cref="Finite"/>
    /// <exception cref="BadInputException">Likewise, or the two are of different length.</exception>
    internal static (Tensor Real, Tensor Made) Comparable(Tensor real, Tensor made)
    {
        var (reals, mades) = (Finite(real, "real images"), Finite(made, "generated images"));
        return reals.shape[1] == mades.shape[1]
            ? (reals, mades)
            : throw new BadInputException($"Features of real images have {reals.shape[1]} numbers, those of generated ones {mades.shape[1]}. "
                + "Both must come from the same network at the same image size.");
    }
}
