using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.GpuJob.Networks.Normalization;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>Reads an image out of a feature map: norm, activation, convolution.</summary>
internal sealed class OutputHead
{
    private readonly GroupNorm _norm;
    private readonly Conv _conv;

    internal OutputHead(NcsnppOptions options, NcsnppLayers layers, NumberedModules all, int channels)
    {
        _norm = all.Next(NcsnppLayers.Norm(channels));
        _conv = all.Next(layers.Conv(channels, options.NumChannels, scale: options.InitScale));
    }

    internal Tensor Forward(Tensor features) => _conv.call(NormSilu.Forward(_norm, features));
}
