using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Common;

/// <summary>Maps images, [B, 3, S, S] in [-1, 1], to their anchors, [B, d].</summary>
internal abstract class ImageEncoder(string name) : nn.Module<Tensor, Tensor>(name)
{
    /// <param name="images">[B, 3, S, S] in [-1, 1].</param>
    /// <returns>
    /// The features from which the last layers make the anchors, [B, features], or null where a network has no such place; and the anchors, [B, d].
    /// </returns>
    internal abstract (Tensor? Features, Tensor Anchors) Read(Tensor images);

    public override Tensor forward(Tensor images)
    {
        var (features, anchors) = Read(images);
        features?.Dispose();
        return anchors;
    }
}

/// <summary>
/// Tells the velocity of noisy images towards their images, [B, 3, S, S], under a condition. Its arguments are latents, [B, d]; one-hot labels, [B, classes],
/// with no columns where the network knows no labels; times from 0 (noise) to 1 (image), [B]; and the noisy images, [B, 3, S, S].
/// </summary>
internal abstract class ImageDecoder(string name) : nn.Module<Tensor, Tensor, Tensor, Tensor, Tensor>(name);
