using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Flow;

/// <summary>Distances between points.</summary>
internal static class Distances
{
    /// <summary>||x_i - a_j||^2, [M, N], in the type of <paramref name="x"/>.</summary>
    /// <remarks>
    /// Computed in float64 by |x|^2 + |a|^2 - 2 x.a: the small distance of two near points would drown in the rounding of their norms, and a latent flow divides it by t^2.
    /// </remarks>
    internal static Tensor Squared(Tensor x, Tensor anchors)
    {
        using var scope = NewDisposeScope();
        var (left, right) = (x.to_type(ScalarType.Float64), anchors.to_type(ScalarType.Float64));
        var squares = left.mm(right.t()).mul_(-2).add_(left.square().sum(1, keepdim: true)).add_(right.square().sum(1));
        return squares.clamp_min_(0).to_type(x.dtype).MoveToOuterDisposeScope();
    }
}
