using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Flow;

/// <summary>A block of rows among all zones: what pulls at the rows at one time, and the adjoint of that.</summary>
/// <remarks>
/// A row's point is x_i; it is held relative to o_i, which is its own anchor or the origin: y_i = x_i - s o_i, s = 1-t. With alpha = s/t^2, and up to what is the same for all j,
/// <code>
/// logit_ij = log w_j - |x_i - s a_j|^2 / 2t^2 = log w_j + alpha y_i.a_j - s alpha |o_i - a_j|^2 / 2
/// p_i      = softmax_j(logit_ij)
/// delta_i  = sum_j p_ij (o_i - a_j)                        (= o_i - abar_i)
/// </code>
/// The own anchor's term of delta is zero, and it is left out, not cancelled: at t = 1e-4 rounding is multiplied by 1e4. Everything is [b, N] or [b, d]; two matrix products a step, five for
/// its adjoint.
/// </remarks>
internal sealed class ZoneBlock
{
    private readonly Tensor _anchors;           // [N, d]
    private readonly Tensor _logWeights;        // [N]
    private readonly Tensor _index;             // int64 [b, 1]: the own anchor, or the one whose probability is reported
    private readonly Tensor _origins;           // o: [b, d], or [1, d] when it is the origin
    private readonly Tensor _squares;           // |o_i - a_j|^2, [b, N]
    private readonly Tensor? _zero;             // [b, 1], written over the own anchors' probabilities

    /// <param name="index">int64 [b].</param>
    internal ZoneBlock(Tensor anchors, Tensor logWeights, Tensor index, bool fromOwn)
    {
        (_anchors, _logWeights, _index) = (anchors, logWeights, index.unsqueeze(1));
        var rows = index.shape[0];
        if (!fromOwn)
        {
            _origins = zeros(1, anchors.shape[1], dtype: anchors.dtype, device: anchors.device);
            _squares = Distances.Squared(_origins, anchors).expand(rows, anchors.shape[0]);
            return;
        }

        _zero = zeros(rows, 1, dtype: anchors.dtype, device: anchors.device);
        _origins = anchors.index_select(0, index);
        _squares = Distances.Squared(_origins, anchors).scatter_(1, _index, _zero);
    }

    /// <param name="y">[b, d].</param>
    /// <returns>Delta, [b, d], and where it is reported the logarithm of the given anchor's probability, [b].</returns>
    internal (Tensor Delta, Tensor? LogProbability) Pull(Tensor y, double t)
    {
        var logits = Logits(y, t);
        var p = nn.functional.softmax(logits, 1);
        if (_zero is null)
            return (Delta(p), LogProbability(logits, p));
        return (Delta(p.scatter_(1, _index, _zero)), null);
    }

    /// <summary>The adjoint of <see cref="Pull"/>: adds to the anchors' gradients, and returns the gradient in y, [b, d].</summary>
    /// <param name="delta">What <see cref="Pull"/> returned at y.</param>
    /// <param name="deltaGradient">[b, d].</param> <param name="logProbabilityGradient">[b], or null.</param>
    internal Tensor Backward(Tensor y, double t, Tensor delta, Tensor deltaGradient, Tensor? logProbabilityGradient, FlowGradients gradients)
    {
        var (s, alpha) = (1 - t, (1 - t) / (t * t));
        var p = nn.functional.softmax(Logits(y, t), 1);
        if (_zero is not null)
            p.scatter_(1, _index, _zero);

        // In the logits: p_ij (g_i.(o_i - a_j) - g_i.delta_i), and for log p_ik: (k = j) - p_ij.
        var common = ((_origins - delta) * deltaGradient).sum(1, keepdim: true);
        if (logProbabilityGradient is not null)
            common.sub_(logProbabilityGradient.unsqueeze(1));
        var g = -deltaGradient;
        var logits = common.addmm(g, _anchors.t()).mul_(p);
        if (logProbabilityGradient is not null)
            logits.scatter_add_(1, _index, logProbabilityGradient.unsqueeze(1));

        gradients.AddProduct(p, g);
        gradients.AddProduct(logits, (y + _origins * s) * alpha);
        gradients.AddShares(logits.sum([0]), s * alpha);
        var sums = logits.sum(1, keepdim: true);
        var inY = logits.matmul(_anchors).sub_(sums * _origins).mul_(alpha);
        if (_zero is not null)
            gradients.AddRows(_index.squeeze(1), (p.sum(1, keepdim: true) * deltaGradient).add_(inY * s).sub_(sums * y * alpha));
        return inY;
    }

    private Tensor Logits(Tensor y, double t)
    {
        var alpha = (1 - t) / (t * t);
        return _logWeights.add(_squares, alpha * (t - 1) / 2).addmm_(y * alpha, _anchors.t());
    }

    private Tensor Delta(Tensor p) => (p.sum(1, keepdim: true) * _origins).sub_(p.matmul(_anchors));

    /// <summary>From the greatest logit, whose probability is not small: the logarithm of a tiny probability would be that of zero.</summary>
    private Tensor LogProbability(Tensor logits, Tensor p) =>
        (logits.gather(1, _index).squeeze(1) - logits.amax([1])).add_(p.amax([1]).log_());
}
