using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation.Features;

/// <summary>Brings images to the size at which a feature network sees them.</summary>
/// <param name="size">Side in pixels; null to leave them as they are.</param>
internal sealed class FeatureInput(int? size)
{
    /// <summary>In words, for images of the given side.</summary>
    internal string Describe(int side) => size is null || size == side ? $"none, {side} pixels a side" : $"from {side} to {size} pixels a side, bilinear{(size < side ? ", antialiased" : "")}";

    /// <param name="images">[B, 3, S, S].</param>
    internal Tensor Of(Tensor images) => size is not { } side || side == images.shape[3]
        ? images
        : nn.functional.interpolate(images, size: [side, side], mode: InterpolationMode.Bilinear, align_corners: false, antialias: side < images.shape[3]);
}
