using LznPipeline.GpuJob.Networks.Common;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>DDPM's way to double the resolution: each place repeated in a square, then a convolution.</summary>
internal sealed class Upsample : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> _double;

    [ComponentName(Name = "Conv_0")]
    private readonly Conv _conv;

    internal Upsample(NcsnppOptions options, NcsnppLayers layers, int channels)
        : base(nameof(Upsample))
    {
        _double = Resampling.Double(options);
        _conv = layers.Conv(channels, channels);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var doubled = _double.call(x);
        return _conv.call(doubled);
    }
}
