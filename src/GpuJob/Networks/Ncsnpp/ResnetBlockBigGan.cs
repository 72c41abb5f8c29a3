using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.GpuJob.Networks.Normalization;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>The residual block of BigGAN, which can halve or double the resolution between its first norm and its first convolution.</summary>
internal sealed class ResnetBlockBigGan : ResidualBlock
{
    private readonly nn.Module<Tensor, Tensor>? _resample;

    [ComponentName(Name = "GroupNorm_0")]
    private readonly GroupNorm _norm0;

    [ComponentName(Name = "Conv_0")]
    private readonly Conv _conv0;

    [ComponentName(Name = "Dense_0")]
    private readonly Dense? _dense;

    [ComponentName(Name = "GroupNorm_1")]
    private readonly GroupNorm _norm1;

    [ComponentName(Name = "Conv_1")]
    private readonly Conv _conv1;

    [ComponentName(Name = "Conv_2")]
    private readonly Conv? _skip;

    /// <param name="condition">Length of the condition vector; 0 for none.</param>
    /// <param name="resample">Changes the resolution of a feature map; null leaves it.</param>
    internal ResnetBlockBigGan(NcsnppOptions options, NcsnppLayers layers, int inputs, int outputs, int condition, nn.Module<Tensor, Tensor>? resample = null)
        : base(nameof(ResnetBlockBigGan), options, layers.Dropout)
    {
        _resample = resample;
        _norm0 = NcsnppLayers.Norm(inputs);
        _conv0 = layers.Conv(inputs, outputs);
        _dense = condition > 0 ? layers.Dense(condition, outputs) : null;
        _norm1 = NcsnppLayers.Norm(outputs);
        _conv1 = layers.Conv(outputs, outputs, scale: options.InitScale);
        _skip = inputs != outputs || resample is not null ? layers.Conv(inputs, outputs, kernel: 1) : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor? condition)
    {
        using var scope = NewDisposeScope();
        var h = _conv0.call(Resampled(NormSilu.Forward(_norm0, x)));
        h = _conv1.call(NormSilu.Forward(_norm1, h, Shift(_dense, condition), Dropout()));
        var skip = Resampled(x);
        return Sum(_skip is null ? skip : _skip.call(skip), h).MoveToOuterDisposeScope();
    }

    private Tensor Resampled(Tensor x) => _resample is null ? x : _resample.call(x);
}
