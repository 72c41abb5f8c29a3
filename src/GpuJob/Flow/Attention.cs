using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Flow;

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
            _squares = Distances.Squared(centred.Points.index_select(0, index), centred.Points).scatter_(1, _index, zeros_like(_index, dtype: ScalarType.Float64));
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
