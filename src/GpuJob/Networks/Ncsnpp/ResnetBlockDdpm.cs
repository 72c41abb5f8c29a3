using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.GpuJob.Networks.Normalization;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>The residual block of DDPM, which keeps the resolution.</summary>
internal sealed class ResnetBlockDdpm : ResidualBlock
{

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

    [ComponentName(Name = "NIN_0")]
    private readonly Nin? _skip;

    /// <param name="condition">Length of the condition vector; 0 for none.</param>
    internal ResnetBlockDdpm(NcsnppOptions options, NcsnppLayers layers, int inputs, int outputs, int condition)
        : base(nameof(ResnetBlockDdpm), options, layers.Dropout)
    {
        _norm0 = NcsnppLayers.Norm(inputs);
        _conv0 = layers.Conv(inputs, outputs);
        _dense = condition > 0 ? layers.Dense(condition, outputs) : null;
        _norm1 = NcsnppLayers.Norm(outputs);
        _conv1 = layers.Conv(outputs, outputs, scale: options.InitScale);
        _skip = inputs != outputs ? layers.Nin(inputs, outputs) : null;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x, Tensor? condition)
    {
        using var scope = NewDisposeScope();
        var h = _conv0.call(NormSilu.Forward(_norm0, x));
        h = _conv1.call(NormSilu.Forward(_norm1, h, Shift(_dense, condition), Dropout()));
        return Sum(_skip is null ? x : Places.ToMap(_skip.call(Places.Of(x)), x), h).MoveToOuterDisposeScope();
    }
}
