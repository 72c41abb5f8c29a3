using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Networks.Ncsnpp;

/// <summary>Makes the condition vector of latent, label and time: two linear layers with an activation after each.</summary>
internal sealed class Condition
{
    private readonly Func<Tensor, Tensor> _embed;
    private readonly Dense _first;
    private readonly Dense _second;

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

        _first = all.Next(layers.Dense(latentDimension + classes + embedded, options.ConditionDimension));
        _second = all.Next(layers.Dense(options.ConditionDimension, options.ConditionDimension));
    }

    /// <param name="latents">[B, d].</param> <param name="labels">One-hot, [B, classes].</param> <param name="time">Scaled to (0, 999], [B].</param>
    /// <returns>[B, ConditionDimension].</returns>
    internal Tensor Forward(Tensor latents, Tensor labels, Tensor time) =>
        _second.call(_first.call(cat([latents, labels, _embed(time)], 1)).silu()).silu();
}
