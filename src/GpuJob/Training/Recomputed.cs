using LznPipeline.GpuJob.Autograd;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Training;

/// <summary>A computation of which nothing is kept but its inputs: on the way back it is done again, and its gradients are taken from that.</summary>
/// <remarks>What training deep nets with sublinear memory cost (Chen et al., 2016) calls a checkpoint: one more forward pass for the memory of its activations.</remarks>
internal sealed class Recomputed : OwnGradient<Recomputed, Recomputed.Computation>
{
    /// <param name="compute">The same whenever it is called; of its gradients those by the inputs and by the parameters count.</param>
    /// <param name="parameters">That it uses beside its inputs.</param>
    internal static Tensor Of(Func<Tensor[], Tensor> compute, Tensor[] inputs, IEnumerable<Tensor> parameters) =>
        Apply(new Computation(compute, inputs.Length), [.. inputs, .. parameters.Where(parameter => parameter.requires_grad)])[0];

    protected override (Tensor[] Outputs, Tensor?[] Kept) Forward(Computation state, Tensor?[] inputs)
    {
        using var scope = NewDisposeScope();
        using var recorded = enable_grad();         // as on the way back: with gradients some layers take another way, and round otherwise
        return ([state.Of(inputs).detach().MoveToOuterDisposeScope()], inputs);
    }

    protected override Tensor?[] Backward(Computation state, Tensor?[] gradients, IReadOnlyList<Tensor?> kept)
    {
        Tensor[] tensors = [.. kept.Select((each, index) => index < state.Inputs ? each!.detach().requires_grad_(each!.requires_grad) : each!)];        // Of gives them all
        using var recorded = enable_grad();
        var computed = new Queue<Tensor>(BackwardPass.Gradients([state.Of(tensors)], [.. tensors.Where(each => each.requires_grad)], [gradients[0]!]));         // there is one, as there is one output
        return [.. tensors.Select(each => each.requires_grad ? computed.Dequeue() : null)];
    }

    /// <param name="Inputs">How many of the tensors come before the parameters.</param>
    internal sealed record Computation(Func<Tensor[], Tensor> Compute, int Inputs)
    {
        internal Tensor Of(Tensor?[] tensors) => Compute([.. tensors.Take(Inputs).Select(each => each!)]);
    }
}
