using LznPipeline.GpuJob.Runtime;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation.Figures;

/// <summary>What every figure demands of the features that it is computed from.</summary>
internal static class FeatureCheck
{
    /// <param name="features">One row an image, [N, d].</param> <param name="whose">Whose features they are, for messages.</param>
    /// <returns>The same in float64, [N, d].</returns>
    /// <exception cref="BadInputException">They are no table, fewer than two, or not all finite.</exception>
    internal static Tensor Finite(Tensor features, string whose)
    {
        if (features.dim() != 2 || features.shape[0] < 2 || features.shape[1] < 1)
            throw new BadInputException($"The features of the {whose} have shape [{string.Join(", ", features.shape)}]. A figure needs at least two rows, one an image, of at least one number.");
        var numbers = features.to_type(ScalarType.Float64);
        var broken = numbers.numel() - numbers.isfinite().sum().item<long>();
        return broken == 0 ? numbers : throw new BadInputException($"{broken} of {numbers.numel()} numbers in the features of the {whose} are not finite. The model, or the network that computes features, is broken.");
    }

    /// <inheritdoc cref="Finite"/>
    /// <exception cref="BadInputException">Likewise, or the two are of different length.</exception>
    internal static (Tensor Real, Tensor Made) Comparable(Tensor real, Tensor made)
    {
        var (reals, mades) = (Finite(real, "real images"), Finite(made, "generated images"));
        return reals.shape[1] == mades.shape[1]
            ? (reals, mades)
            : throw new BadInputException($"Features of real images have {reals.shape[1]} numbers, those of generated ones {mades.shape[1]}. Both must come from the same network at the same image size.");
    }
}
