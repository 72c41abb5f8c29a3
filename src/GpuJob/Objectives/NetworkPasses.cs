using System.Runtime.InteropServices;
using LznPipeline.GpuJob.Autograd;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Networks.Common;
using LznPipeline.GpuJob.Randomness;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Objectives;

/// <summary>How training computes its networks: in which type, and in how many chunks one after the other. All that goes in and comes out is float32.</summary>
/// <remarks>
/// Images of a batch meet only in the latent space. So a network can take them in chunks, each of which keeps nothing but its inputs and is
/// computed again for its gradients: then the activations of one chunk are in memory and no more, while anchors, flow and losses are those of the
/// whole batch (GradCache; Gao et al., 2021).
/// </remarks>
internal sealed class NetworkPasses
{
    private readonly LznModel _model;
    private readonly Draws _draws;
    private readonly int _rank;
    private readonly ScalarType _type;
    private readonly int _chunks;
    private ulong _seed;

    internal NetworkPasses(TrainingRecipe training, LznModel model, Draws draws, IDeviceGroup group)
    {
        (_model, _draws, _rank, _type, _chunks) = (model, draws, group.Rank, Precisions.TypeOf(training.Precision), training.Accumulate);
        foreach (var layer in model.modules().OfType<Conv2d>())
            layer.ChannelsLast = training.ChannelsLast;
    }

    /// <summary>Before the first pass of an iteration, on which all that is dropped depends.</summary>
    internal void Begin(long iteration) => _seed = SplitMix.Next((ulong)_draws.Seed(RandomStream.Dropout, iteration) + (ulong)_rank);

    /// <param name="images">[B, 3, S, S] in [-1, 1].</param> <returns>Their anchors, [B, d].</returns>
    internal Tensor Anchors(Tensor images) =>
        Pass(_model.Encoder, inputs => _model.Encoder.call(inputs[0].to_type(_type)), images);

    /// <summary>What the decoder says, as <see cref="ImageDecoder"/> does.</summary>
    internal Tensor Velocity(Tensor latents, Tensor labels, Tensor t, Tensor xt) =>
        // who asks has one
        Pass(_model.Decoder!, inputs => _model.Decoder!.call(inputs[0], inputs[1], inputs[2], inputs[3].to_type(_type)), latents, labels, t, xt);

    private Tensor Pass(nn.Module network, Func<Tensor[], Tensor> compute, params Tensor[] inputs)
    {
        var seed = _seed = SplitMix.Next(_seed);
        if (_chunks == 1)
            return Chunk(0)(inputs);
        var size = (inputs[0].shape[0] + _chunks - 1) / _chunks;                  // the last chunk may be smaller
        var chunks = inputs.Select(input => input.split(size)).ToArray();
        var parameters = network.parameters().ToList();
        return cat([.. chunks[0].Select((_, chunk) => ActivationCheckpoint.Of(Chunk(chunk * size), [.. chunks.Select(input => input[chunk])], parameters))]);

        Func<Tensor[], Tensor> Chunk(long firstRow) => rows =>
        {
            _model.Dropout.Begin(seed, firstRow);
            return compute(rows).AsFloat32();
        };
    }
}

/// <summary>A computation of which nothing is kept but its inputs: the backward pass does it again, and its gradients are taken from that.</summary>
/// <remarks>
/// What training deep nets with sublinear memory cost (Chen et al., 2016) calls a checkpoint: one more forward pass for the memory of its activations.
/// </remarks>
internal sealed class ActivationCheckpoint : OwnGradient<ActivationCheckpoint, ActivationCheckpoint.Computation>
{
    /// <param name="compute">The same whenever it is called.</param>
    /// <param name="parameters">That it uses beside its inputs; a backward pass comes by because of them.</param>
    internal static Tensor Of(Func<Tensor[], Tensor> compute, Tensor[] inputs, IEnumerable<Tensor> parameters) =>
        Apply(new Computation(compute, inputs.Length), [.. inputs, .. parameters.Where(parameter => parameter.requires_grad)])[0];

    protected override (Tensor[] Outputs, Tensor?[] Kept) Forward(Computation state, Tensor?[] inputs)
    {
        using var scope = NewDisposeScope();
        using var recorded = enable_grad();         // as in the backward pass: with gradients some layers take another way, and round otherwise
        return ([state.Of(inputs).detach().MoveToOuterDisposeScope()], inputs);
    }

    /// <summary>Parameters get their gradients at once; for the inputs they are returned.</summary>
    protected override Tensor?[] Backward(Computation state, Tensor?[] gradients, IReadOnlyList<Tensor?> kept)
    {
        Tensor[] inputs = [.. kept.Take(state.Inputs).Select(each => each!.detach().requires_grad_(each!.requires_grad))];      // Of gives them all
        using var recorded = enable_grad();
        BackwardPass.From(state.Of(inputs), gradients[0]);
        return [.. inputs.Select(each => each.requires_grad ? each.grad : null), .. new Tensor?[kept.Count - state.Inputs]];
    }

    /// <param name="Inputs">How many of the tensors come before the parameters.</param>
    internal sealed record Computation(Func<Tensor[], Tensor> Compute, int Inputs)
    {
        internal Tensor Of(Tensor?[] tensors) => Compute([.. tensors.Take(Inputs).Select(each => each!)]);
    }
}

/// <summary>The types that networks are computed in.</summary>
internal static class Precisions
{
    internal static ScalarType TypeOf(Precision precision) => precision switch
    {
        Precision.Bfloat16 => ScalarType.BFloat16,
        Precision.Float16 => ScalarType.Float16,
        _ => ScalarType.Float32,
    };

    /// <exception cref="OptionsException">The device lacks operators of this type, as the processor does of float16 with a libtorch before 2.</exception>
    internal static void ThrowUnlessComputable(Precision precision, Device device)
    {
        var problems = new Problems();
        problems.Unless(
            precision is Precision.Float32 || IsComputable(TypeOf(precision), device), "training.precision", JsonName(precision),
            $"types that this libtorch can convolve, normalise and differentiate on {device.type}, where it lacks operators of this one; "
            + "float32 always is, bfloat16 nearly always");
        problems.ThrowIfAny();
    }

    /// <summary>Tries what networks are made of: there is no list of which operators know which types.</summary>
    private static bool IsComputable(ScalarType type, Device device)
    {
        using var scope = NewDisposeScope();
        try
        {
            var x = ones([1, 8, 4, 4], dtype: type, device: device).requires_grad_();
            var y = nn.functional.group_norm(nn.functional.conv2d(x, ones([8, 8, 3, 3], dtype: type, device: device), padding: [1, 1]), 4).silu();
            BackwardPass.From(nn.functional.softmax(y.flatten(2).bmm(y.flatten(2).transpose(1, 2)), 2).to_type(ScalarType.Float32).sum());
            return true;
        }
        catch (ExternalException)
        {
            return false;
        }
    }

    private static string JsonName(Precision precision) => precision.ToString().ToLowerInvariant();
}
