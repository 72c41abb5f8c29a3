using LznPipeline.GpuJob.Autograd;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Flow;

/// <summary>Takes rows through all steps, block by block, with an adjoint of its own.</summary>
/// <remarks>
/// Of the way there only the deltas are kept, [steps, M, d]; on the way back the points are put together from them again. The attention is computed
/// again, unless all of it is small. So memory is [M, d] a step, and in all a few [block, N].
/// </remarks>
internal sealed class FlowFunction : OwnGradient<FlowFunction, FlowPlan>
{
    /// <param name="anchors">[N, d].</param> <param name="logWeights">[N].</param>
    /// <param name="start">Prior draws, if rows start from anchors of their own, else points, [M, d].</param>
    /// <param name="index">int64 [M]: their own anchors, or those whose probability is reported.</param>
    /// <returns>Where rows end, [M, d], and the reported logarithms of probabilities, [steps, M].</returns>
    internal static (Tensor End, Tensor LogProbabilities) Run(Tensor anchors, Tensor start, Tensor logWeights, Tensor index, FlowPlan plan)
    {
        var outputs = Apply(plan, anchors, start, logWeights, index);
        return (outputs[0], outputs[1]);
    }

    protected override (Tensor[] Outputs, Tensor?[] Kept) Forward(FlowPlan state, Tensor?[] inputs)
    {
        var (anchors, start, logWeights, index) = (inputs[0]!, inputs[1]!, inputs[2]!, inputs[3]!);        // Run gives them all
        var (rows, steps) = (start.shape[0], state.Schedule.Steps.Count);
        var centred = new CentredAnchors(anchors, logWeights);
        var (end, logProbabilities) = (empty_like(start), zeros(steps, rows, dtype: start.dtype, device: start.device));
        var deltas = state.Recorded ? empty(steps, rows, start.shape[1], dtype: start.dtype, device: start.device) : null;
        var probabilities = state.KeepsProbabilities ? empty(steps, rows, anchors.shape[0], dtype: start.dtype, device: start.device) : null;
        foreach (var block in state.Blocks(rows))
        {
            using var scope = NewDisposeScope();
            var path = new BlockPath(centred, state, block.Of(index));
            block.Of(end).copy_(path.Follow(block.Of(start), block.OfEach(deltas), block.OfEach(probabilities), block.OfEach(logProbabilities)));
        }

        return ([end, logProbabilities], [anchors, start, logWeights, index, deltas, probabilities]);
    }

    protected override Tensor?[] Backward(FlowPlan state, Tensor?[] gradients, IReadOnlyList<Tensor?> kept)
    {
        var (anchors, start, logWeights, index, deltas) = (kept[0]!, kept[1]!, kept[2]!, kept[3]!, kept[4]!);       // a way back was planned
        var (inEnd, inLogProbabilities) = (gradients[0] ?? zeros_like(start), gradients[1] ?? (state.FromOwn ? null : zeros(state.Schedule.Steps.Count, start.shape[0], dtype: start.dtype, device: start.device)));
        var centred = new CentredAnchors(anchors, logWeights);
        var sums = new FlowGradients(centred.Points.to_type(anchors.dtype));
        var inStart = empty_like(start);
        foreach (var block in state.Blocks(start.shape[0]))
        {
            using var scope = NewDisposeScope();
            var path = new BlockPath(centred, state, block.Of(index));
            block.Of(inStart).copy_(path.Return(block.Of(start), block.OfEach(deltas), block.OfEach(kept[5]), block.Of(inEnd), block.OfEach(inLogProbabilities), sums));
        }

        return [sums.Sum(), inStart, null, null];               // the others are given
    }
}
