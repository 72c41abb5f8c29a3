using LznPipeline.Shared.Recipes;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>Makes the condition vector of latent, label and time: two linear layers with an activation after each.</summary>
internal sealed class Condition
{
    private readonly Func<Tensor, Tensor> _embed;
    private readonly Linear _first;
    private readonly Linear _second;

    internal Condition(NcsnppOptions options, NcsnppLayers layers, NumberedModules all, int latentDimension, int classes)
    {
        var embedded = options.Nf;
        if (options.EmbeddingType == EmbeddingType.Fourier)
        {
            var fourier = all.Next(new FourierEmbedding(options, layers));
            _embed = time => fourier.call(time.log());
            embedded *= 2;
        }
        else
        {
            _embed = time => PositionalEmbedding.Of(time, options.Nf);
        }

        _first = all.Next(layers.Linear(latentDimension + classes + embedded, options.ConditionDimension));
        _second = all.Next(layers.Linear(options.ConditionDimension, options.ConditionDimension));
    }

    /// <param name="latents">[B, d].</param> <param name="labels">One-hot, [B, classes].</param> <param name="time">Scaled to (0, 999], [B].</param>
    /// <returns>[B, ConditionDimension].</returns>
    internal Tensor Forward(Tensor latents, Tensor labels, Tensor time) =>
        _second.call(_first.call(cat([latents, labels, _embed(time)], 1)).silu()).silu();
}

/// <summary>Sines, then cosines, of a number at frequencies in geometric order from 1 to 1/10000.</summary>
internal static class PositionalEmbedding
{
    /// <param name="x">[B].</param> <param name="length">Even, 4 or more.</param> <returns>[B, length].</returns>
    internal static Tensor Of(Tensor x, int length)
    {
        using var scope = NewDisposeScope();
        var half = length / 2;
        var frequencies = (arange(half, dtype: x.dtype, device: x.device) * (-Math.Log(10000) / (half - 1))).exp();
        var phase = x.unsqueeze(1) * frequencies;
        return cat([phase.sin(), phase.cos()], 1).MoveToOuterDisposeScope();
    }
}

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
