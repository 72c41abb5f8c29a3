using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Flow;

/// <summary>How the zones pull at the rows of a block: delta_i = sum_j p_ij (o_i - a_j) = o_i - abar_i, and the adjoint of that and of the attention.</summary>
/// <remarks>
/// On the way through a zone rounding is multiplied by 1/t, which begins at 1e4: so an own anchor's term, which is zero, is left out of delta and not
/// cancelled. Two matrix products a step with the attention, four more on the way back.
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
