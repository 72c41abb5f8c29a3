using LznPipeline.GpuJob.Networks.Common;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks;

/// <summary>A decoder that sees zeros in place of every latent, so that it learns rectified flow alone: the same network from the same initial weights, told nothing of the image.</summary>
internal sealed class UntoldDecoder : ImageDecoder
{
    private readonly ImageDecoder _network;

    internal UntoldDecoder(ImageDecoder network)
        : base(nameof(UntoldDecoder)) => register_module("network", _network = network);

    public override Tensor forward(Tensor latents, Tensor labels, Tensor t, Tensor xt) => _network.call(zeros_like(latents), labels, t, xt);
}
