using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.GpuJob.Networks.Normalization;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>A residual block: [B, inputs, H, W], and the condition vector [B, C] after its activation (null in the encoder), to [B, outputs, H', W'].</summary>
internal abstract class ResidualBlock(string name, NcsnppOptions options, DropoutMasks dropout) : nn.Module<Tensor, Tensor?, Tensor>(name)
{
    private static readonly double RootOfTwo = Math.Sqrt(2);

    /// <summary>What is dropped before the second convolution.</summary>
    protected DropoutMask? Dropout() => training && options.Dropout > 0 ? dropout.Next(options.Dropout) : null;

    /// <summary>skip + branch, over sqrt(2) if <paramref name="rescale"/>.</summary>
    internal static Tensor Sum(Tensor skip, Tensor branch, bool rescale)
    {
        var sum = skip + branch;
        return rescale ? sum.div_(RootOfTwo) : sum;
    }

    protected Tensor Sum(Tensor skip, Tensor branch) => Sum(skip, branch, options.SkipRescale);

    /// <summary>What the condition adds to each channel between the convolutions, [B, outputs]; null without a condition.</summary>
    protected static Tensor? Shift(Linear? dense, Tensor? condition) => dense is null || condition is null ? null : dense.call(condition);
}

/// <summary>The residual block of BigGAN, which can halve or double the resolution between its first norm and its first convolution.</summary>
internal sealed class ResnetBlockBigGan : ResidualBlock
{
    private readonly nn.Module<Tensor, Tensor>? _resample;

    [ComponentName(Name = "GroupNorm_0")]
    private readonly GroupNorm _norm0;

    [ComponentName(Name = "Conv_0")]
    private readonly Conv2d _conv0;

    [ComponentName(Name = "Dense_0")]
    private readonly Linear? _dense;

    [ComponentName(Name = "GroupNorm_1")]
    private readonly GroupNorm _norm1;

    [ComponentName(Name = "Conv_1")]
    private readonly Conv2d _conv1;

    [ComponentName(Name = "Conv_2")]
    private readonly Conv2d? _skip;

    /// <param name="condition">Length of the condition vector; 0 for none.</param>
    /// <param name="resample">Changes the resolution of a feature map; null leaves it.</param>
    internal ResnetBlockBigGan(NcsnppOptions options, NcsnppLayers layers, int inputs, int outputs, int condition, nn.Module<Tensor, Tensor>? resample = null)
        : base(nameof(ResnetBlockBigGan), options, layers.Dropout)
    {
        _resample = resample;
        _norm0 = NcsnppLayers.Norm(inputs);
        _conv0 = layers.Conv2d(inputs, outputs);
        _dense = condition > 0 ? layers.Linear(condition, outputs) : null;
        _norm1 = NcsnppLayers.Norm(outputs);
        _conv1 = layers.Conv2d(outputs, outputs, scale: options.InitScale);
        _skip = inputs != outputs || resample is not null ? layers.Conv2d(inputs, outputs, kernel: 1) : null;
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

/// <summary>The residual block of DDPM, which keeps the resolution.</summary>
internal sealed class ResnetBlockDdpm : ResidualBlock
{
    [ComponentName(Name = "GroupNorm_0")]
    private readonly GroupNorm _norm0;

    [ComponentName(Name = "Conv_0")]
    private readonly Conv2d _conv0;

    [ComponentName(Name = "Dense_0")]
    private readonly Linear? _dense;

    [ComponentName(Name = "GroupNorm_1")]
    private readonly GroupNorm _norm1;

    [ComponentName(Name = "Conv_1")]
    private readonly Conv2d _conv1;

    [ComponentName(Name = "NIN_0")]
    private readonly Nin? _skip;

    /// <param name="condition">Length of the condition vector; 0 for none.</param>
    internal ResnetBlockDdpm(NcsnppOptions options, NcsnppLayers layers, int inputs, int outputs, int condition)
        : base(nameof(ResnetBlockDdpm), options, layers.Dropout)
    {
        _norm0 = NcsnppLayers.Norm(inputs);
        _conv0 = layers.Conv2d(inputs, outputs);
        _dense = condition > 0 ? layers.Linear(condition, outputs) : null;
        _norm1 = NcsnppLayers.Norm(outputs);
        _conv1 = layers.Conv2d(outputs, outputs, scale: options.InitScale);
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

/// <summary>Attention of one head among all places of a feature map, [B, C, H, W] to the same.</summary>
internal sealed class AttentionBlock : nn.Module<Tensor, Tensor>
{
    private readonly bool _rescale;

    [ComponentName(Name = "GroupNorm_0")]
    private readonly GroupNorm _norm;

    [ComponentName(Name = "NIN_0")]
    private readonly Nin _query;

    [ComponentName(Name = "NIN_1")]
    private readonly Nin _key;

    [ComponentName(Name = "NIN_2")]
    private readonly Nin _value;

    [ComponentName(Name = "NIN_3")]
    private readonly Nin _output;

    internal AttentionBlock(NcsnppOptions options, NcsnppLayers layers, int channels)
        : base(nameof(AttentionBlock))
    {
        _rescale = options.SkipRescale;
        _norm = NcsnppLayers.Norm(channels);
        _query = layers.Nin(channels, channels);
        _key = layers.Nin(channels, channels);
        _value = layers.Nin(channels, channels);
        _output = layers.Nin(channels, channels, scale: options.InitScale);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var places = Places.Of(_norm.Normalize(x));
        var (q, k, v) = Nin.Together(places, _query, _key, _value);             // each [B, HW, C]
        // With a dimension of heads it keeps no [HW, HW].
        var found = nn.functional.scaled_dot_product_attention(q.unsqueeze(1), k.unsqueeze(1), v.unsqueeze(1)).squeeze(1);      // [B, HW, C]
        var mixed = Places.ToMap(_output.call(found), x);                       // [B, C, H, W]
        return ResidualBlock.Sum(x, mixed, _rescale).MoveToOuterDisposeScope();
    }
}
