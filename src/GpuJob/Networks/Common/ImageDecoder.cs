using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Common;

/// <summary>
/// Tells the velocity of noisy images towards their images, [B, 3, S, S], under a condition. Its arguments are latents, [B, d]; one-hot labels, [B, classes], with no columns where the
/// network knows no labels; times from 0 (noise) to 1 (image), [B]; and the noisy images, [B, 3, S, S].
/// </summary>
internal abstract class ImageDecoder(string name) : nn.Module<Tensor, Tensor, Tensor, Tensor, Tensor>(name);
