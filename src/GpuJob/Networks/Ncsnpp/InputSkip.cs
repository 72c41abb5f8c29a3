using LznPipeline.GpuJob.Networks.Common;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>Adds the image, at a feature map's resolution and through a 1x1 convolution, to the feature map.</summary>
internal sealed class InputSkip : nn.Module<Tensor, Tensor, Tensor>
{
    [ComponentName(Name = "Conv_0")]
    private readonly Conv _conv;

    internal InputSkip(NcsnppLayers layers, int imageChannels, int channels)
        : base(nameof(InputSkip))
    {
        _conv = layers.Conv(imageChannels, channels, kernel: 1);
        RegisterComponents();
    }

    public override Tensor forward(Tensor image, Tensor features) => _conv.call(image).add_(features);
}
