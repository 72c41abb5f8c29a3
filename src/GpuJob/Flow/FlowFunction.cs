using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Flow;

/// <summary>Takes rows through all steps, block by block, with an adjoint of its own.</summary>
/// <remarks>
/// Of the way there only the deltas are kept, [steps, M, d]; on the way back the points are put together from them again. The attention is computed
/// again, unless all of it is small. So memory is [M, d] a step, and in all a few [block, N].
/// </remarks>
internal sealed class FlowFunction : autograd.MultiTensorFunction<FlowFunction>
{
    public override string Name => nameof(LatentFlow);

    /// <param name="anchors">[N, d].</param> <param name="logWeights">[N].</param>
    /// <param name="start">Prior draws, if rows start from anchors of their own, else points, [M, d].</param>
    /// <param name="index">int64 [M]: their own anchors, or those whose probability is reported.</param>
    /// <returns>Where rows end, [M, d], and the reported logarithms of probabilities, [steps, M].</returns>
    internal static (Tensor End, Tensor LogProbabilities) Run(Tensor anchors, Tensor start, Tensor logWeights, Tensor index, FlowPlan plan)
    {
        var outputs = apply(anchors, start, logWeights, index, plan);
        return (outputs[0], outputs[1]);
    }

    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (anchors, start, logWeights, index, plan) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (Tensor)vars[3], (FlowPlan)vars[4]);
        var (rows, steps) = (start.shape[0], plan.Schedule.Steps.Count);
        var centred = new CentredAnchors(anchors, logWeights);
        var (end, logProbabilities) = (empty_like(start), zeros(steps, rows, dtype: start.dtype, device: start.device));
        var deltas = plan.Recorded ? empty(steps, rows, start.shape[1], dtype: start.dtype, device: start.device) : null;
        var probabilities = plan.KeepsProbabilities ? empty(steps, rows, anchors.shape[0], dtype: start.dtype, device: start.device) : null;
        foreach (var block in plan.Blocks(rows))
        {
            using var scope = NewDisposeScope();
            var path = new BlockPath(centred, plan, block.Of(index));
            block.Of(end).copy_(path.Follow(block.Of(start), block.OfEach(deltas), block.OfEach(probabilities), block.OfEach(logProbabilities)));
        }

        if (plan.Recorded)
            ctx.save_for_backward([.. new[] { anchors, start, logWeights, index, deltas, probabilities }.OfType<Tensor>()]);
        ctx.save_data(nameof(FlowPlan), plan);
        return [end, logProbabilities];
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        using var scope = NewDisposeScope();
        var plan = (FlowPlan)ctx.get_data(nameof(FlowPlan))!;           // forward put it there
        var saved = ctx.get_saved_variables();
        var (anchors, start, logWeights, index, deltas) = (saved[0], saved[1], saved[2], saved[3], saved[4]);
        var probabilities = plan.KeepsProbabilities ? saved[5] : null;
        var centred = new CentredAnchors(anchors, logWeights);
        var gradients = new FlowGradients(centred.Points.to_type(anchors.dtype));
        var inStart = empty_like(start);
        foreach (var block in plan.Blocks(start.shape[0]))
        {
            using var blockScope = NewDisposeScope();
            var path = new BlockPath(centred, plan, block.Of(index));
            block.Of(inStart).copy_(
                path.Return(block.Of(start), block.OfEach(deltas), block.OfEach(probabilities), block.Of(grad_outputs[0]), block.OfEach(grad_outputs[1]), gradients));
        }

        var (inAnchors, inRows) = scope.MoveToOuter(gradients.Sum(), inStart);
        return [inAnchors, inRows, null!, null!, null!];                // the others are given
    }
}
