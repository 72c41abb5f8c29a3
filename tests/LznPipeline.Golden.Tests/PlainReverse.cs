using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.Golden.Tests;

/// <summary>The flow back to the anchors as it was published, with none of our code in it: in float64 a judge of what rounding the inputs alone does.</summary>
/// <remarks>
/// docs/method.md, section 2; Lu et al., DPM-Solver++ (2022), multistep, whose prediction of the data is the mean of the anchors. With [M, N, d] tensors, so
/// for small files only.
/// </remarks>
internal static class PlainReverse
{
    /// <summary>DPM-Solver++ keeps as far away from both ends.</summary>
    private const double Margin = 1e-3;

    /// <summary>With fewer steps than this, it lowers its order again in the last ones.</summary>
    private const int FewSteps = 10;

    /// <param name="latents">Float64 [M, d].</param> <param name="anchors">[N, d].</param> <param name="weights">[N]; null for equal ones.</param>
    /// <returns>Where the latents arrive, [M, d], and the probability of every anchor before each step, [steps, M, N].</returns>
    internal static (Tensor Arrived, Tensor Probabilities) Of(FlowSolver solver, int steps, Tensor latents, Tensor anchors, Tensor? weights)
    {
        var (from, to) = solver is FlowSolver.Dpm ? (1 - Margin, Margin) : (1.0, 0.0);
        var (x, means, probabilities) = (latents, new List<Tensor>(), new List<Tensor>());
        for (var k = 0; k < steps; k++)
        {
            var t = At(k);
            var logits = ((x.unsqueeze(1) - anchors * (1 - t)) / t).square().sum(2) / -2;
            probabilities.Add(nn.functional.softmax(weights is null ? logits : logits + weights.log(), 1));
            means.Add(probabilities[k].mm(anchors));
            x = solver is FlowSolver.Dpm ? Multistep(k) : x + (x - means[k]) * ((At(k + 1) - t) / t);
        }

        return (x, stack(probabilities));

        double At(int k) => k == steps ? to : from + k * (to - from) / steps;

        double Lambda(int k) => Math.Log((1 - At(k)) / At(k));

        Tensor Multistep(int k)
        {
            var order = Math.Min(Math.Min(3, k + 1), steps < FewSteps ? steps - k : 3);
            var (next, h) = (At(k + 1), Lambda(k + 1) - Lambda(k));
            var phi1 = double.ExpM1(-h);
            var first = x * (next / At(k)) - means[k] * ((1 - next) * phi1);
            if (order == 1)
                return first;
            var r0 = (Lambda(k) - Lambda(k - 1)) / h;
            var newer = (means[k] - means[k - 1]) / r0;
            if (order == 2)
                return first - newer * ((1 - next) * phi1 / 2);
            var r1 = (Lambda(k - 1) - Lambda(k - 2)) / h;
            var older = (means[k - 1] - means[k - 2]) / r1;
            var (slope, curvature) = (newer + (newer - older) * (r0 / (r0 + r1)), (newer - older) / (r0 + r1));
            var phi2 = phi1 / h + 1;
            return first + slope * ((1 - next) * phi2) - curvature * ((1 - next) * (phi2 / h - 0.5));
        }
    }
}
