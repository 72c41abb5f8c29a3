using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Common;

/// <summary>
/// Networks are computed in the type of the images they are given: feature maps are of that type, and weights, float32, are converted where they are used, so that their gradients are
/// float32 again. What is a vector for each image (conditions, heads, anchors) is float32 always: it costs little, and carries all that the latent flow sees.
/// </summary>
internal static class TensorTypes
{
    /// <summary>The tensor in the type of another one; itself if it has it already. Gradients find the way back.</summary>
    internal static Tensor As(this Tensor tensor, Tensor other) => tensor.dtype == other.dtype ? tensor : tensor.to_type(other.dtype);

    /// <inheritdoc cref="As"/>
    internal static Tensor AsFloat32(this Tensor tensor) => tensor.dtype == ScalarType.Float32 ? tensor : tensor.to_type(ScalarType.Float32);
}
