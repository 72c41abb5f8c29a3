using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.GpuJob.Randomness;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Objectives;

/// <summary>How training computes its networks: in which type, and in how many parts one after the other. All that goes in and comes out is float32.</summary>
/// <remarks>
/// Images of a batch meet only in the latent space. So a network can take them in parts, each of which keeps nothing but its inputs and is computed again for its gradients: then
/// the activations of one part are in memory and no more, while anchors, flow and losses are those of the whole batch (gradient caching; Gao et al., 2021).
/// </remarks>
internal sealed class NetworkPasses
{
    private readonly LznModel _model;
    private readonly Draws _draws;
    private readonly int _rank;
    private readonly ScalarType _type;
    private readonly int _parts;
    private ulong _seed;

    internal NetworkPasses(TrainingRecipe training, LznModel model, Draws draws, IDeviceGroup group)
    {
        (_model, _draws, _rank, _type, _parts) = (model, draws, group.Rank, Precisions.TypeOf(training.Precision), training.Accumulate);
        foreach (var layer in model.modules().OfType<Conv>())
            layer.ChannelsLast = training.ChannelsLast;
    }

    /// <summary>Before the first pass of an iteration, on which all that is dropped depends.</summary>
    internal void Begin(long iteration) => _seed = SplitMix.Next((ulong)_draws.Seed(RandomStream.Dropout, iteration) + (ulong)_rank);

    /// <param name="images">[B, 3, S, S] in [-1, 1].</param> <returns>Their anchors, [B, d].</returns>
    internal Tensor Anchors(Tensor images) =>
        Pass(_model.Encoder, inputs => _model.Encoder.call(inputs[0].to_type(_type)), images);

    /// <summary>What the decoder says, as <see cref="ImageDecoder"/> does.</summary>
    internal Tensor Velocity(Tensor latents, Tensor labels, Tensor t, Tensor xt) =>
        Pass(_model.Decoder!, inputs => _model.Decoder!.call(inputs[0], inputs[1], inputs[2], inputs[3].to_type(_type)), latents, labels, t, xt);       // who asks has one

    private Tensor Pass(nn.Module network, Func<Tensor[], Tensor> compute, params Tensor[] inputs)
    {
        var seed = _seed = SplitMix.Next(_seed);
        if (_parts == 1)
            return Part(0)(inputs);
        var size = (inputs[0].shape[0] + _parts - 1) / _parts;                  // the last part may be smaller
        var parts = inputs.Select(input => input.split(size)).ToArray();
        var parameters = network.parameters().ToList();
        return cat([.. parts[0].Select((_, part) => Recomputed.Of(Part(part * size), [.. parts.Select(input => input[part])], parameters))]);

        Func<Tensor[], Tensor> Part(long firstRow) => rows =>
        {
            _model.Dropout.Begin(seed, firstRow);
            return compute(rows).AsFloat32();
        };
    }
}
