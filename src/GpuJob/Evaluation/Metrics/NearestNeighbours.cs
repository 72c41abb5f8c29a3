using LznPipeline.GpuJob.Runtime;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation.Metrics;

/// <summary>
/// Labels of images by a weighted vote of the k nearest of others: cosine similarity s, weight exp(s / T) (Wu et al., 2018). No training, and nothing to tune:
/// k and T are the usual ones and are not chosen by any figure.
/// </summary>
internal static class NearestNeighbours
{
    internal const int Neighbours = 20;
    internal const double Temperature = 0.07;

    /// <summary>Similarities in a block: 64 MiB in float32.</summary>
    private const long BlockSize = 1 << 24;

    /// <param name="known">Features of labelled images, [N, d].</param> <param name="labels">int64 [N], below <paramref name="classes"/>.</param>
    /// <param name="asked">Features of the images in question, [M, d].</param>
    /// <returns>int64 [M].</returns>
    /// <exception cref="BadInputException">There are fewer than k labelled images.</exception>
    internal static Tensor Predict(Tensor known, Tensor labels, Tensor asked, long classes, int k = Neighbours, double temperature = Temperature)
    {
        if (known.shape[0] < k)
            throw new BadInputException($"{k} nearest neighbours need at least {k} training images; there are {known.shape[0]}.");
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var (directions, questions) = (Directions(known, "training images"), Directions(asked, "test images"));
        var predicted = questions.split(Math.Max(BlockSize / known.shape[0], 1))
            .Select(block => Vote(block.mm(directions.t()), labels, classes, k, temperature));
        return cat(predicted.ToList()).MoveToOuterDisposeScope();
    }

    /// <param name="similarities">[M, N].</param>
    private static Tensor Vote(Tensor similarities, Tensor labels, long classes, int k, double temperature)
    {
        using var scope = NewDisposeScope();
        var (nearest, indexes) = similarities.topk(k, 1);
        // - 1: only ratios count, and exp(1 / T) is large
        var votes = zeros(similarities.shape[0], classes, dtype: similarities.dtype)
            .scatter_add(1, labels.index_select(0, indexes.flatten()).view(indexes.shape), ((nearest - 1) / temperature).exp());
        return votes.argmax(1).MoveToOuterDisposeScope();
    }

    private static Tensor Directions(Tensor features, string whose)
    {
        var numbers = FeatureCheck.Finite(features, whose).to_type(ScalarType.Float32);
        return numbers / numbers.square().sum(1, keepdim: true).sqrt().clamp_min(1e-12);
    }
}

/// <summary>
/// How many directions features really use: exp of the entropy of their centred table's singular values, as fractions of their sum (Roy and Vetterli, 2007).
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
