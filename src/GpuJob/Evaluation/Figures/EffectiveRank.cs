using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation.Figures;

/// <summary>
/// How many directions features really use: exp of the entropy of their centred table's singular values, taken as shares of their sum (Roy and Vetterli, 2007).
/// 1 when all lie on a line, d when all directions are used alike. A small one betrays collapsed embeddings.
/// </summary>
internal static class EffectiveRank
{
    /// <param name="features">[N, d].</param>
    /// <returns>From 1 to min(N - 1, d); 0 when all rows are the same.</returns>
    internal static double Of(Tensor features)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var numbers = FeatureCheck.Finite(features, "images");
        var centred = numbers - numbers.mean([0], keepdim: true);
        // Squares of the singular values by the smaller of the two products: what that costs in accuracy is 1e-8 of the greatest, and nothing in the entropy.
        var product = centred.shape[0] < centred.shape[1] ? centred.mm(centred.t()) : centred.t().mm(centred);
        var singular = linalg.eigvalsh(product).clamp_min(0).sqrt();
        var total = singular.sum().item<double>();
        if (total <= 1e-12 * numbers.abs().max().item<double>() * numbers.numel())
            return 0;
        var shares = singular / total;
        return (-(shares * shares.clamp_min(double.Epsilon).log()).sum()).exp().item<double>();
    }
}
