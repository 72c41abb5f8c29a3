using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Flow;

/// <summary>How the zones pull at the rows of a block: delta_i = sum_j p_ij (o_i - a_j) = o_i - abar_i, and the adjoint of that and of the attention.</summary>
/// <remarks>
/// On the way through a zone rounding is multiplied by 1/t, which begins at 1e4: so an own anchor's term, which is zero, is left out of delta and not
/// cancelled. Two matrix products a step with the attention, four more in the backward pass.
/// </remarks>
internal sealed class Pull
{
    private readonly Tensor _anchors;           // a, relative to their centre, [N, d]
    private readonly Tensor _origins;           // o, relative to the centre: [b, d], or zeros [1, d]
    private readonly Tensor _index;             // int64 [b]
    private readonly bool _fromOwn;

    /// <param name="index">int64 [b]: the own anchors, or those whose probability is reported.</param> <param name="type">In which this is computed.</param>
    internal Pull(CentredAnchors centred, Tensor index, bool fromOwn, ScalarType type)
    {
        (_anchors, _index, _fromOwn) = (centred.Points.to_type(type), index, fromOwn);
        _origins = fromOwn ? _anchors.index_select(0, index) : zeros_like(centred.Centre, dtype: type);
    }

    /// <param name="p">[b, N].</param>
    /// <returns>[b, d].</returns>
    internal Tensor Delta(Tensor p) => (p.sum(1, keepdim: true) * _origins).sub_(p.mm(_anchors));

    /// <summary>Adds to the anchors' gradients, and returns the gradient in y, [b, d].</summary>
    /// <param name="y">Point, [b, d].</param> <param name="p">The attention there, [b, N].</param> <param name="delta">[b, d].</param>
    /// <param name="inDelta">Gradient in delta, [b, d].</param>
    /// <param name="inLogProbability">Gradient in the reported logarithms of probabilities, [b]; null if none are reported.</param>
    internal Tensor Backward(Tensor y, double t, Tensor p, Tensor delta, Tensor inDelta, Tensor? inLogProbability, FlowGradients gradients)
    {
        // In logit_ij: p_ij (g_i.(o_i - a_j) - g_i.delta_i) by delta, whose gradient g is; (k = j) - p_ij by log p_ik.
        var common = ((_origins - delta) * inDelta).sum(1, keepdim: true);
        if (inLogProbability is not null)
            common.sub_(inLogProbability.unsqueeze(1));
        var opposite = -inDelta;
        var inLogits = common.addmm(opposite, _anchors.t()).mul_(p);            // [b, N]
        if (inLogProbability is not null)
            inLogits.scatter_add_(1, _index.unsqueeze(1), inLogProbability.unsqueeze(1));

        var (s, alpha) = (1 - t, Attention.Alpha(t));
        var sums = inLogits.sum(1, keepdim: true);                              // [b, 1]
        var inY = inLogits.mm(_anchors).sub_(sums * _origins).mul_(alpha);
        gradients.AddProduct(p, opposite);
        gradients.AddProduct(inLogits, (y + _origins * s).mul_(alpha));
        gradients.AddShares(inLogits.sum([0]), s * alpha);
        if (_fromOwn)
            gradients.AddRows(_index, (p.sum(1, keepdim: true) * inDelta).add_(inY, s).sub_(sums * y * alpha));
        return inY;
    }
}

/// <summary>To which zones the rows of a block belong at a point and time.</summary>
/// <remarks>
/// A row's point is x_i; it is held relative to o_i, which is its own anchor or the centre of all: y_i = x_i - s o_i, s = 1-t.
/// With alpha = s/t^2, and up to what is the same for all j,
/// <code>
/// logit_ij = log w_j - |x_i - s a_j|^2 / 2t^2 = log w_j + alpha y_i.a_j - s alpha |o_i - a_j|^2 / 2
/// p_i      = softmax_j(logit_ij)
/// </code>
/// Logits are small differences of great numbers, so they are float64: their error is the relative error of the probabilities. Fused attentions of
/// libraries compute them in float32 or less and cannot leave a term out; that is why there is none here.
/// </remarks>
internal sealed class Attention
{
    private readonly CentredAnchors _centred;
    private readonly ScalarType _type;
    private readonly Tensor _index;             // int64 [b, 1]: the own anchor, or the one whose probability is reported
    private readonly Tensor _squares;           // |o_i - a_j|^2, float64 [b, N]
    private readonly Tensor? _zero;             // [b, 1], written over the own anchors' probabilities

    /// <param name="index">int64 [b].</param> <param name="type">That of the probabilities.</param>
    internal Attention(CentredAnchors centred, Tensor index, bool fromOwn, ScalarType type)
    {
        (_centred, _type, _index) = (centred, type, index.unsqueeze(1));
        if (fromOwn)
        {
            _zero = zeros_like(_index, dtype: type);
            _squares = Distances.Squared(centred.Points.index_select(0, index), centred.Points)
                .scatter_(1, _index, zeros_like(_index, dtype: ScalarType.Float64));
        }
        else
        {
            _squares = centred.Points.square().sum(1).expand(index.shape[0], -1);
        }
    }

    /// <summary>What multiplies y.a in a logit.</summary>
    internal static double Alpha(double t) => (1 - t) / (t * t);

    /// <param name="y">Float64 [b, d].</param>
    /// <returns>Float64 [b, N].</returns>
    internal Tensor Logits(Tensor y, double t)
    {
        var alpha = Alpha(t);
        return _centred.LogWeights.add(_squares, alpha * (t - 1) / 2).addmm_(y * alpha, _centred.Points.t());
    }

    /// <returns>[b, N]. Those of own anchors, whose pull is zero, are left out.</returns>
    internal Tensor Probabilities(Tensor logits)
    {
        var p = nn.functional.softmax(logits, 1).to_type(_type);
        return _zero is null ? p : p.scatter_(1, _index, _zero);
    }

    /// <returns>That of the anchor of each row that is reported, [b].</returns>
    internal Tensor LogProbability(Tensor logits) => logits.gather(1, _index).squeeze(1) - logits.logsumexp(1);
}

/// <summary>Distances between points.</summary>
internal static class Distances
{
    /// <summary>||x_i - a_j||^2, [M, N], in the type of <paramref name="x"/>.</summary>
    /// <remarks>
    /// Computed in float64 by |x|^2 + |a|^2 - 2 x.a: the small distance of two near points would drown in the rounding of their norms,
    /// and a latent flow divides it by t^2.
    /// </remarks>
    internal static Tensor Squared(Tensor x, Tensor anchors)
    {
        using var scope = NewDisposeScope();
        var (left, right) = (x.to_type(ScalarType.Float64), anchors.to_type(ScalarType.Float64));
        var squares = left.mm(right.t()).mul_(-2).add_(left.square().sum(1, keepdim: true)).add_(right.square().sum(1));
        return squares.clamp_min_(0).to_type(x.dtype).MoveToOuterDisposeScope();
    }
}

/// <summary>
/// All anchors and their weights, in float64. The origin is moved amid the anchors: a flow does not depend on where it is, and rounding is least there.
/// </summary>
internal sealed class CentredAnchors
{
    /// <param name="anchors">[N, d].</param> <param name="logWeights">[N].</param>
    internal CentredAnchors(Tensor anchors, Tensor logWeights)
    {
        var exact = anchors.to_type(ScalarType.Float64);
        Centre = exact.mean([0], keepdim: true);
        Points = exact - Centre;
        LogWeights = logWeights.to_type(ScalarType.Float64);
    }

    /// <summary>Mean of the anchors, [1, d].</summary>
    internal Tensor Centre { get; }

    /// <summary>Anchors relative to the centre, [N, d].</summary>
    internal Tensor Points { get; }

    /// <summary>[N].</summary>
    internal Tensor LogWeights { get; }
}
