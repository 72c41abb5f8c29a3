using LznPipeline.GpuJob.Networks.Common;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

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
