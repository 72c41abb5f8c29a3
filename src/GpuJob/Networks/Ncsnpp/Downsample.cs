using LznPipeline.GpuJob.Networks.Common;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>DDPM's way to halve the resolution: a convolution of stride 2, padded below and to the right only.</summary>
internal sealed class Downsample : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "Conv_0")]
    private readonly Conv _conv;

    internal Downsample(NcsnppLayers layers, int channels)
        : base(nameof(Downsample))
    {
        _conv = layers.Conv(channels, channels, stride: 2, padded: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var padded = nn.functional.pad(x, (0, 1, 0, 1));
        return _conv.call(padded);
    }
}
