using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Common;

/// <summary>Maps images, [B, 3, S, S] in [-1, 1], to their anchors, [B, d].</summary>
internal abstract class ImageEncoder(string name) : nn.Module<Tensor, Tensor>(name)
{
    /// <param name="images">[B, 3, S, S] in [-1, 1].</param>
    /// <returns>The features from which the last layers make the anchors, [B, features], or null where a network has no such place; and the anchors, [B, d].</returns>
    internal abstract (Tensor? Features, Tensor Anchors) Read(Tensor images);

    public override Tensor forward(Tensor images)
    {
        var (features, anchors) = Read(images);
        features?.Dispose();
        return anchors;
    }
}
