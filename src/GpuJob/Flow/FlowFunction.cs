using LznPipeline.GpuJob.Autograd;
using TorchSharp;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Flow;

/// <summary>Takes rows through all steps, block by block, with an adjoint of its own.</summary>
/// <remarks>
/// Of the forward pass only the deltas are kept, [steps, M, d]; the backward pass puts the points together from them again. The attention is computed
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
        var (anchors, start, logWeights, index, deltas) = (kept[0]!, kept[1]!, kept[2]!, kept[3]!, kept[4]!);       // a backward pass was planned
        var inEnd = gradients[0] ?? zeros_like(start);
        var inLogProbabilities = gradients[1];
        if (!state.FromOwn)
            inLogProbabilities ??= zeros(state.Schedule.Steps.Count, start.shape[0], dtype: start.dtype, device: start.device);
        var centred = new CentredAnchors(anchors, logWeights);
        var sums = new FlowGradients(centred.Points.to_type(anchors.dtype));
        var inStart = empty_like(start);
        foreach (var block in state.Blocks(start.shape[0]))
        {
            using var scope = NewDisposeScope();
            var path = new BlockPath(centred, state, block.Of(index));
            block.Of(inStart).copy_(
                path.Return(block.Of(start), block.OfEach(deltas), block.OfEach(kept[5]), block.Of(inEnd), block.OfEach(inLogProbabilities), sums));
        }

        return [sums.Sum(), inStart, null, null];               // the others are given
    }
}

/// <summary>Refuses tensors that do not fit together, before a native error names neither them nor the reason.</summary>
internal static class FlowArguments
{
    /// <param name="rows">Prior draws or latents, and what the caller calls them.</param>
    /// <param name="index">Own anchors or targets.</param>
    internal static void Check(Tensor anchors, (string Name, Tensor Value) rows, (string Name, Tensor Value) index, Tensor? weights)
    {
        Require(
            anchors.dim() == 2 && anchors.numel() > 0 && anchors.dtype is ScalarType.Float32 or ScalarType.Float64,
            nameof(anchors), anchors, "float32 or float64 [N, d], at least one");
        var d = anchors.shape[1];
        Require(
            rows.Value.dim() == 2 && rows.Value.shape[1] == d && rows.Value.dtype == anchors.dtype && IsBeside(rows.Value, anchors),
            rows.Name, rows.Value, $"[M, {d}] of the anchors' type on their device, {Text(anchors)}");
        var m = rows.Value.shape[0];
        Require(
            index.Value.dim() == 1 && index.Value.shape[0] == m && index.Value.dtype == ScalarType.Int64 && IsBeside(index.Value, anchors),
            index.Name, index.Value, $"int64 [{m}], a number for each row of '{rows.Name}', on the anchors' device, {Text(anchors)}");
        if (weights is not null)
        {
            Require(
                weights.dim() == 1 && weights.shape[0] == anchors.shape[0] && weights.is_floating_point() && IsBeside(weights, anchors),
                nameof(weights), weights, $"floating point [{anchors.shape[0]}], a weight for each anchor, on their device, {Text(anchors)}");
        }

        if (anchors.device_type == DeviceType.CPU)          // elsewhere it would wait for the device
            CheckValues(anchors.shape[0], index, weights);
    }

    private static void CheckValues(long anchors, (string Name, Tensor Value) index, Tensor? weights)
    {
        using var scope = NewDisposeScope();
        if (index.Value.numel() > 0)
        {
            var (least, greatest) = (index.Value.min().item<long>(), index.Value.max().item<long>());
            if (least < 0 || greatest >= anchors)
                throw new ArgumentException(
                    $"'{index.Name}' has numbers from {least} to {greatest}. Needed: from 0 to {anchors - 1}, as there are {anchors} anchors.", index.Name);
        }

        if (weights is not null)
        {
            var exact = weights.to_type(ScalarType.Float64);
            var (least, greatest) = (exact.min().item<double>(), exact.max().item<double>());
            if (!(least >= 0 && greatest > 0 && double.IsFinite(greatest)))         // a NaN is the least and the greatest
                throw new ArgumentException(
                    $"'{nameof(weights)}' has numbers from {least} to {greatest}. Needed: finite numbers, none negative, not all zero.", nameof(weights));
        }
    }

    private static bool IsBeside(Tensor tensor, Tensor other) => (tensor.device_type, tensor.device_index) == (other.device_type, other.device_index);

    private static void Require(bool holds, string name, Tensor given, string needed)
    {
        if (!holds)
            throw new ArgumentException($"'{name}' is {Text(given)}. Needed: {needed}.", name);
    }

    private static string Text(Tensor tensor) => $"{tensor.dtype.ToString().ToLowerInvariant()} [{string.Join(", ", tensor.shape)}] on {tensor.device}";
}
