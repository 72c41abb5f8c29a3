using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Flow;

/// <summary>
/// Takes rows through all steps, block by block. Backward is an adjoint of its own: of the way there only the deltas are kept, [steps, M, d]; points are put together from them again, and the
/// attention is computed again. So memory is a few [M, d] a step and a few [block, N] in all.
/// </summary>
internal sealed class FlowFunction : autograd.MultiTensorFunction<FlowFunction>
{
    public override string Name => nameof(LatentFlow);

    /// <param name="anchors">[N, d].</param> <param name="logWeights">[N].</param>
    /// <param name="start">Where the rows start, relative to their own anchors or to the origin, [M, d].</param>
    /// <param name="index">int64 [M]: their own anchors, or those whose probability is reported.</param>
    /// <returns>Where they end, [M, d], and the reported logarithms of probabilities, [steps, M].</returns>
    internal static (Tensor End, Tensor LogProbabilities) Run(Tensor anchors, Tensor logWeights, Tensor start, Tensor index, FlowPlan plan)
    {
        var outputs = apply(anchors, start, logWeights, index, plan);
        return (outputs[0], outputs[1]);
    }

    public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var (anchors, start, logWeights, index, plan) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (Tensor)vars[3], (FlowPlan)vars[4]);
        var (m, d) = (start.shape[0], start.shape[1]);
        var deltas = empty([plan.Kept, m, d], dtype: start.dtype, device: start.device);
        var end = empty_like(start);
        var logProbabilities = zeros([plan.Steps, m], dtype: start.dtype, device: start.device);
        foreach (var (first, count) in plan.Blocks(m))
        {
            using var scope = NewDisposeScope();
            Follow(
                new ZoneBlock(anchors, logWeights, index.narrow(0, first, count), plan.FromOwn), plan,
                start.narrow(0, first, count), end.narrow(0, first, count), deltas.narrow(1, first, count).unbind(), logProbabilities.narrow(1, first, count).unbind());
        }

        if (plan.Recorded)
            ctx.save_for_backward([anchors, start, logWeights, index, deltas]);
        ctx.save_data(nameof(FlowPlan), plan);
        return [end, logProbabilities];
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (anchors, start, logWeights, index, deltas) = (saved[0], saved[1], saved[2], saved[3], saved[4]);
        var plan = (FlowPlan)ctx.get_data(nameof(FlowPlan))!;           // forward put it there
        var gradients = new FlowGradients(anchors);
        var startGradient = empty_like(start);
        foreach (var (first, count) in plan.Blocks(start.shape[0]))
        {
            using var block = NewDisposeScope();
            var zones = new ZoneBlock(anchors, logWeights, index.narrow(0, first, count), plan.FromOwn);
            var endGradient = grad_outputs[0].narrow(0, first, count);
            var logProbabilityGradients = grad_outputs[1].narrow(1, first, count).unbind();
            startGradient.narrow(0, first, count).copy_(
                Return(zones, plan, start.narrow(0, first, count), deltas.narrow(1, first, count).unbind(), endGradient, logProbabilityGradients, gradients));
        }

        return [gradients.Sum().MoveToOuterDisposeScope(), startGradient.MoveToOuterDisposeScope(), null!, null!, null!];
    }

    private static void Follow(ZoneBlock zones, FlowPlan plan, Tensor start, Tensor end, Tensor[] deltas, Tensor[] logProbabilities)
    {
        var y = start;
        for (var k = 0; k < plan.Steps; k++)
        {
            using var scope = NewDisposeScope();
            var (delta, logProbability) = zones.Pull(y, plan.Schedule.Steps[k].Time);
            deltas[k % deltas.Length].copy_(delta);
            if (logProbability is not null)
                logProbabilities[k].copy_(logProbability);
            y = plan.Schedule.Steps[k].Advance(y, deltas, k).MoveToOuterDisposeScope();
        }

        end.copy_(y);
    }

    /// <summary>The way back. Returns the gradient at the start.</summary>
    private static Tensor Return(ZoneBlock zones, FlowPlan plan, Tensor start, Tensor[] deltas, Tensor endGradient, Tensor[] logProbabilityGradients, FlowGradients gradients)
    {
        var steps = plan.Schedule.Steps;
        var points = new List<Tensor> { start };
        for (var k = 0; k < plan.Steps - 1; k++)
            points.Add(steps[k].Advance(points[k], deltas, k));

        var after = new Tensor[plan.Steps + 1];          // gradients in the points, from the last to the first
        after[plan.Steps] = endGradient;
        for (var k = plan.Steps - 1; k >= 0; k--)
        {
            using var scope = NewDisposeScope();
            var deltaGradient = zeros_like(start);
            for (var back = 0; k + back < plan.Steps && back < FlowSchedule.GreatestOrder; back++)
            {
                if (back < steps[k + back].Pull.Length)
                    deltaGradient.add_(after[k + back + 1], steps[k + back].Pull[back]);
            }

            var pulled = zones.Backward(points[k], steps[k].Time, deltas[k], deltaGradient, plan.FromOwn ? null : logProbabilityGradients[k], gradients);
            after[k] = pulled.add_(after[k + 1], steps[k].Scale).MoveToOuterDisposeScope();
        }

        return after[0];
    }
}
