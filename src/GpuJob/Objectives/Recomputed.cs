using LznPipeline.GpuJob.Autograd;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Objectives;

/// <summary>A computation of which nothing is kept but its inputs: on the way back it is done again, and its gradients are taken from that.</summary>
/// <remarks>What training deep nets with sublinear memory cost (Chen et al., 2016) calls a checkpoint: one more forward pass for the memory of its activations.</remarks>
internal sealed class Recomputed : OwnGradient<Recomputed, Recomputed.Computation>
{
    /// <param name="compute">The same whenever it is called.</param>
    /// <param name="parameters">That it uses beside its inputs; a way back comes by because of them.</param>
    internal static Tensor Of(Func<Tensor[], Tensor> compute, Tensor[] inputs, IEnumerable<Tensor> parameters) =>
        Apply(new Computation(compute, inputs.Length), [.. inputs, .. parameters.Where(parameter => parameter.requires_grad)])[0];

    protected override (Tensor[] Outputs, Tensor?[] Kept) Forward(Computation state, Tensor?[] inputs)
    {
        using var scope = NewDisposeScope();
        using var recorded = enable_grad();         // as on the way back: with gradients some layers take another way, and round otherwise
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
