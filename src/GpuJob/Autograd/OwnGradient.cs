using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Autograd;

/// <summary>
/// A differentiable function whose gradient is ours and not libtorch's. Every one of them is derived from this: it guards the border to native
/// code, in both directions.
/// </summary>
/// <remarks>
/// TorchSharp makes a tensor like each output, to expand gradients that are missing, in the caller's dispose scope, and reads it in the backward pass
/// when that scope may have ended. So they end at once here, and missing gradients arrive as null.
/// </remarks>
/// <typeparam name="TSelf">The function.</typeparam> <typeparam name="TState">What it needs beside tensors.</typeparam>
internal abstract class OwnGradient<TSelf, TState> : autograd.MultiTensorFunction<TSelf>
    where TSelf : OwnGradient<TSelf, TState>, new()
    where TState : notnull
{
    private const string CallKey = "call";

    public sealed override string Name => typeof(TSelf).Name;

    public sealed override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var call = new Call((TState)vars[0], [.. vars.Skip(1).Select(each => each is Tensor)]);
        ctx.set_materialize_grads(false);
        ctx.save_data(CallKey, call);
        var (outputs, kept) = Forward(call.State, [.. vars.Skip(1).Cast<Tensor?>()]);
        ctx.save_for_backward([.. kept!]);              // null is kept as null, though the signature does not tell
        return [.. outputs];
    }

    public sealed override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        var call = (Call)ctx.get_data(CallKey)!;        // forward left it
        var gradients = BackwardPass.Compute(grad_outputs, () =>
        {
            Tensor?[] given = [.. grad_outputs.Select(each => each.IsInvalid ? null : each)];
            var computed = Array.TrueForAll(given, each => each is null)
                ? new Tensor?[call.Inputs.Length]
                : Backward(call.State, given, ctx.get_saved_variables());
            if (computed.Length != call.Inputs.Length || computed.Zip(call.Inputs).Any(each => each.First is not null && !each.Second))
            {
                throw new InvalidOperationException(
                    $"{Name} returned {computed.Length} gradients, or one in a tensor that it was not given. "
                    + $"Needed: one, or null, for each of {call.Inputs.Length} inputs.");
            }

            return computed;
        });
        ctx.Dispose();                                  // what forward kept is needed no more, while TorchSharp would hold it until the whole graph ends
        return [null!, .. (gradients ?? new Tensor?[call.Inputs.Length]).Select(each => each!)];       // null where there is none, whatever the signature says
    }

    /// <param name="inputs">Some may be missing.</param>
    protected static Tensor[] Apply(TState state, params Tensor?[] inputs)
    {
        using var scope = NewDisposeScope();
        return [.. apply([state, .. inputs!]).Select(output => output.MoveToOuterDisposeScope())];
    }

    /// <summary>Computes the outputs. Gradients are not recorded.</summary>
    /// <returns>The outputs, and what <see cref="Backward"/> will be given back.</returns>
    protected abstract (Tensor[] Outputs, Tensor?[] Kept) Forward(TState state, Tensor?[] inputs);

    /// <summary>Computes the gradients w.r.t. the inputs. May throw.</summary>
    /// <param name="gradients">In the outputs; null for those on which nothing depends, but never all.</param>
    /// <param name="kept">By <see cref="Forward"/>.</param>
    /// <returns>One for each input, or null.</returns>
    protected abstract Tensor?[] Backward(TState state, Tensor?[] gradients, IReadOnlyList<Tensor?> kept);

    /// <param name="Inputs">Which were given.</param>
    private sealed record Call(TState State, bool[] Inputs);
}
