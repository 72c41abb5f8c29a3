using LznPipeline.GpuJob.Flow;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Tests.Flow;

/// <summary>
/// The latent flow as the paper writes it, with [M, N, d] tensors and left to autograd: slow, exact in float64, and a judge for the fast one.
/// </summary>
internal static class PlainFlow
{
    internal static Tensor Forward(FlowSolver solver, int steps, Tensor anchors, Tensor prior, Tensor own, Tensor? weights)
    {
        var schedule = FlowSchedule.Forward(solver, steps);
        var x = prior * schedule.Start + anchors.index_select(0, own) * (1 - schedule.Start);
        return Follow(schedule, x, anchors, weights).End;
    }

    internal static (Tensor Arrived, Tensor LogProbabilities) Reverse(
        FlowSolver solver, int steps, Tensor latents, Tensor anchors, Tensor targets, Tensor? weights)
    {
        var (end, logProbabilities) = Follow(FlowSchedule.Reverse(solver, steps), latents, anchors, weights);
        return (end, stack(logProbabilities.Select(each => each.gather(1, targets.unsqueeze(1)).squeeze(1)).ToArray()));
    }

    private static (Tensor End, List<Tensor> LogProbabilities) Follow(FlowSchedule schedule, Tensor x, Tensor anchors, Tensor? weights)
    {
        var (predictions, logProbabilities) = (new List<Tensor>(), new List<Tensor>());
        foreach (var (k, step) in schedule.Steps.Index())
        {
            var t = step.Time;
            var noise = (x.unsqueeze(1) - anchors.unsqueeze(0) * (1 - t)) / t;                          // [M, N, d]
            var logits = noise.square().sum(2) / -2;                                                    // [M, N]
            logProbabilities.Add(nn.functional.log_softmax(weights is null ? logits : logits + weights.log(), 1));
            var velocity = (logProbabilities[k].exp().unsqueeze(2) * (noise - anchors.unsqueeze(0))).sum(1);                    // [M, d]
            predictions.Add(x - velocity * t);
            x = x * step.Scale;
            for (var back = 0; back < step.Coefficients.Length; back++)
                x = x - predictions[k - back] * step.Coefficients[back];
        }

        return (x, logProbabilities);
    }
}
