using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Flow;

/// <summary>The flow between anchors and the shared latent space: every anchor's zone is what flows from it (rectified flow between a point set and N(0, I)).</summary>
/// <remarks>
/// At time t, from 0 at the anchors to 1 at the prior, the point of anchor a is N((1-t) a, t^2 I), and the velocity at x is (x - abar)/t with abar the mean of the anchors under
/// p_j = softmax_j(log w_j - ||x - (1-t) a_j||^2 / 2t^2): one attention. Each step is two matrix products; memory is [M, N] a step, never [M, N, d].
/// </remarks>
internal static class LatentFlow
{
    /// <summary>Time at which the forward flow begins; at 0 the velocity is not defined.</summary>
    private const double Epsilon = 1e-4;

    /// <summary>From anchors into their zones, by Euler steps. Differentiable in the anchors.</summary>
    /// <param name="anchors">[N, d].</param>
    /// <param name="prior">Draws from N(0, I), one for each row of <paramref name="own"/>, [M, d]. The zero draw gives the middle of a zone.</param>
    /// <param name="own">Which anchor each row starts from, int64 [M].</param>
    /// <returns>Latents, [M, d].</returns>
    /// <remarks>
    /// The path is kept relative to the own anchor, y = x - (1-t) a. There x - abar, which cancels and is then divided by t = 1e-4, is never formed: the own term is left out of the
    /// sum instead of subtracted from it. In float32 this is within 1e-6 of float64.
    /// </remarks>
    internal static Tensor Forward(Tensor anchors, Tensor prior, Tensor own, int steps)
    {
        var a = anchors.index_select(0, own);                                   // [M, d]
        var others = 1 - nn.functional.one_hot(own, anchors.shape[0]).to_type(anchors.dtype);       // [M, N]
        var distance = SquaredDistances(a, anchors) * others;                   // ||a_i - a_j||^2, exactly 0 for the own anchor, [M, N]
        var h = (1 - Epsilon) / steps;
        var y = prior * Epsilon;
        for (var step = 0; step < steps; step++)
        {
            var t = Epsilon + step * h;
            var s = 1 - t;
            var nearness = (y * a).sum(1, keepdim: true) - y.matmul(anchors.t());       // y.(a_i - a_j), [M, N]
            var p = nn.functional.softmax((2 * s * nearness * others + s * s * distance) * (-1 / (2 * t * t)), dim: 1) * others;
            var delta = p.sum(1, keepdim: true) * a - p.matmul(anchors);        // sum over the others of p_j (a_i - a_j), [M, d]
            y = y + (y + delta) * (h / t);
        }

        return y;                                                               // at t = 1, x = y
    }

    /// <summary>From latents back to anchors, by Euler steps. Differentiable in both arguments.</summary>
    /// <param name="latents">[M, d].</param> <param name="anchors">[N, d].</param>
    /// <param name="weights">Of the anchors, positive or zero, [N]; null for equal ones.</param>
    /// <returns>Where the latents arrive, [M, d], and for each step the logarithms of the anchors' probabilities before it, [M, N].</returns>
    internal static (Tensor Arrived, Tensor[] LogProbabilities) Reverse(Tensor latents, Tensor anchors, Tensor? weights, int steps)
    {
        var norms = anchors.square().sum(1);                                    // [N]
        var h = 1.0 / steps;
        var x = latents;
        var logProbabilities = new Tensor[steps];
        for (var step = 0; step < steps; step++)
        {
            var t = 1 - step * h;
            var s = 1 - t;
            var logits = (x.matmul(anchors.t()) * s - norms * (s * s / 2)) / (t * t);       // ||x||^2 is the same for all anchors
            logProbabilities[step] = nn.functional.log_softmax(weights is null ? logits : logits + weights.log(), dim: 1);
            x = x - (x - logProbabilities[step].exp().matmul(anchors)) * (h / t);
        }

        return (x, logProbabilities);
    }

    /// <summary>||x_i - a_j||^2, [M, N]. Accurate relative to the norms; clamped because rounding can make it negative.</summary>
    internal static Tensor SquaredDistances(Tensor x, Tensor anchors) =>
        (x.square().sum(1, keepdim: true) + anchors.square().sum(1) - x.matmul(anchors.t()) * 2).clamp_min(0);
}
