using LznPipeline.GpuJob.Networks.Common;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>Halves the resolution by the filter and a convolution of stride 2: the residual path of the image.</summary>
internal sealed class FirDownsample : nn.Module<Tensor, Tensor>
{
    private readonly FirFilter _smooth;

    [ComponentName(Name = "Conv2d_0")]
    private readonly Conv _conv;

    internal FirDownsample(NcsnppOptions options, NcsnppLayers layers, int inputs, int outputs)
        : base(nameof(FirDownsample))
    {
        _smooth = new FirFilter(options.FirKernel, FirMode.Smooth);
        _conv = layers.Conv(inputs, outputs, stride: 2, padded: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var smooth = _smooth.call(x);
        return _conv.call(smooth);
    }
}
