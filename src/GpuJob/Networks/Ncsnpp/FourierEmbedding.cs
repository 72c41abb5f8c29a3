using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>Sines, then cosines, of a number at fixed random frequencies: [B] to [B, 2 n].</summary>
internal sealed class FourierEmbedding : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "W")]
    private readonly Parameter _frequencies;                                    // [n], not learned

    internal FourierEmbedding(NcsnppOptions options, NcsnppLayers layers)
        : base(nameof(FourierEmbedding))
    {
        _frequencies = new Parameter(layers.Normal(options.Nf, options.FourierScale), requires_grad: false);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var phase = x.unsqueeze(1) * _frequencies * (2 * Math.PI);
        return cat([phase.sin(), phase.cos()], 1).MoveToOuterDisposeScope();
    }
}
