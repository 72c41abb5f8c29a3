using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Flow;

/// <summary>All anchors and their weights, in float64. The origin is moved amid the anchors: a flow does not depend on where it is, and rounding is least there.</summary>
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
