using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation.Figures;

/// <summary>
/// Frechet distance between the Gaussians that two sets of features have in mean and covariance: ||m1 - m2||^2 + tr(C1 + C2 - 2 (C1 C2)^1/2), with unbiased covariances.
/// On Inception features this is FID (Heusel et al., 2017), on spatial ones sFID (Nash et al., 2021).
/// </summary>
/// <remarks>
/// With C = R'R the eigenvalues of C1 C2 are the squared singular values of R1 R2', so tr (C1 C2)^1/2 is their sum. R comes from the centred features by QR, never through C, whose
/// formation squares the condition number: rank-deficient covariances, as of fewer images than features, cost no accuracy and need no added diagonal.
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
        var apart = (reals.mean([0]) - mades.mean([0])).square().sum() + factor1.square().sum() + factor2.square().sum();       // tr R'R is the sum of R's squares
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
