using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Training;

/// <summary>A computation of which nothing is kept but its inputs: on the way back it is done again, and its gradients are taken from that.</summary>
/// <remarks>What training deep nets with sublinear memory cost (Chen et al., 2016) calls a checkpoint: one more forward pass for the memory of its activations.</remarks>
internal sealed class Recomputed : autograd.SingleTensorFunction<Recomputed>
{
    private const string ComputationKey = "computation";

    public override string Name => nameof(Recomputed);

    /// <param name="compute">The same whenever it is called; of its gradients those by the inputs and by the parameters count.</param>
    /// <param name="parameters">That it uses beside its inputs.</param>
    internal static Tensor Of(Func<Tensor[], Tensor> compute, Tensor[] inputs, IEnumerable<Tensor> parameters) =>
        apply([new Computation(compute, inputs.Length), .. inputs, .. parameters.Where(parameter => parameter.requires_grad)]);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        var (computation, tensors) = ((Computation)vars[0], vars.Skip(1).Cast<Tensor>().ToList());
        ctx.save_data(ComputationKey, computation);
        ctx.save_for_backward(tensors);
        using var recorded = enable_grad();         // as on the way back: with gradients some layers take another way, and round otherwise
        return computation.Of(tensors).detach().MoveToOuterDisposeScope();
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        var computation = (Computation)ctx.get_data(ComputationKey)!;       // forward saved it
        var tensors = ctx.get_saved_variables().Select((each, index) => index < computation.Inputs ? each.detach().requires_grad_(each.requires_grad) : each).ToList();
        using var recorded = enable_grad();
        var wanted = tensors.Where(each => each.requires_grad).ToList();
        var gradients = new Queue<Tensor>(autograd.grad([computation.Of(tensors)], wanted, [grad_output], allow_unused: true));
        return [null!, .. tensors.Select(each => each.requires_grad ? gradients.Dequeue() : null!)];        // null for what has no gradient, though the signature does not tell
    }

    private sealed record Computation(Func<Tensor[], Tensor> Compute, int Inputs)
    {
        internal Tensor Of(List<Tensor> tensors) => Compute([.. tensors.Take(Inputs)]);
    }
}
