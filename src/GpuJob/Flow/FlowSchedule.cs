using System.Diagnostics;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Flow;

/// <summary>The steps of the latent flow from one time to another.</summary>
/// <remarks>
/// The velocity is (x - abar)/t, so every solver here is linear in x and in the means abar it has seen; DPM-Solver++ predicts the data point, which is
/// abar. In coordinates relative to a point o that moves like an anchor, y = x - (1-t) o, its constants cancel exactly and delta = o - abar takes abar's
/// place: y' = (t'/t) y + (t'-t)/t delta for an Euler step.
/// </remarks>
internal sealed class FlowSchedule
{
    /// <summary>Most deltas that a step looks at.</summary>
    internal const int GreatestOrder = 3;

    /// <summary>With fewer steps than this, DPM-Solver++ lowers its order again in the last ones, where they are coarse.</summary>
    private const int FewSteps = 10;

    /// <summary>Where Euler's forward flow begins; at 0 the velocity is not defined.</summary>
    private const double EulerEpsilon = 1e-4;

    /// <summary>DPM-Solver++ keeps away from both ends: it steps in log((1-t)/t).</summary>
    private const double DpmEpsilon = 1e-3;

    private FlowSchedule(double start, double end, int steps, int order)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(steps);
        (Start, End) = (start, end);
        Steps = [.. Enumerable.Range(0, steps).Select(Step)];

        FlowStep Step(int k) => Math.Min(Math.Min(order, k + 1), steps < FewSteps ? steps - k : order) switch       // the order, which history limits
        {
            1 => First(At(k), At(k + 1)),
            2 => Second(At(k - 1), At(k), At(k + 1)),
            _ => Third(At(k - 2), At(k - 1), At(k), At(k + 1)),
        };

        double At(int k) => k == steps ? end : start + k * (end - start) / steps;
    }

    internal double Start { get; }

    internal double End { get; }

    internal IReadOnlyList<FlowStep> Steps { get; }

    /// <summary>From the anchors to the prior.</summary>
    internal static FlowSchedule Forward(FlowSolver solver, int steps) => solver switch
    {
        FlowSolver.Euler => new FlowSchedule(EulerEpsilon, 1, steps, order: 1),
        FlowSolver.Dpm => new FlowSchedule(DpmEpsilon, 1 - DpmEpsilon, steps, GreatestOrder),
        _ => throw new UnreachableException(),
    };

    /// <summary>From the prior to the anchors.</summary>
    internal static FlowSchedule Reverse(FlowSolver solver, int steps) => solver switch
    {
        FlowSolver.Euler => new FlowSchedule(1, 0, steps, order: 1),
        FlowSolver.Dpm => new FlowSchedule(1 - DpmEpsilon, DpmEpsilon, steps, GreatestOrder),
        _ => throw new UnreachableException(),
    };

    private static FlowStep First(double t, double next) => new(t, next / t, [(next - t) / t]);

    private static FlowStep Second(double before, double t, double next)
    {
        var pull = (next - t) / t;
        var slope = pull / 2 * Span(t, next) / Span(before, t);
        return new FlowStep(t, next / t, [pull + slope, -slope]);
    }

    /// <summary>Derivatives of delta in log((1-t)/t) by differences, integrated exactly against its exponential.</summary>
    private static FlowStep Third(double earlier, double before, double t, double next)
    {
        var h = Span(t, next);
        var (r0, r1) = (Span(before, t) / h, Span(earlier, before) / h);
        var phi2 = double.ExpM1(-h) / h + 1;
        var phi3 = phi2 / h - 0.5;
        var (first, second) = ((1 - next) * phi2, (1 - next) * phi3 / (r0 + r1));
        var share = r0 / (r0 + r1);
        var newer = (second - first * (1 + share)) / r0;                // of delta[k] - delta[k-1]
        var older = (first * share - second) / r1;                      // of delta[k-1] - delta[k-2]
        return new FlowStep(t, next / t, [(next - t) / t + newer, older - newer, -older]);
    }

    /// <summary>From t to next in log((1-t)/t).</summary>
    private static double Span(double t, double next) => Math.Log((1 - next) * t / ((1 - t) * next));
}

/// <summary>What a latent flow computes, beside its tensors.</summary>
/// <param name="FromOwn">
/// Each row starts at an anchor of its own and is followed relative to it; else rows are followed relative to the centre of the anchors, and the
/// probability of one anchor is reported for each.
/// </param>
/// <param name="BlockRows">Rows that go through all steps together.</param>
/// <param name="Recorded">Whether there will be a backward pass.</param>
/// <param name="KeepsProbabilities">Whether the backward pass finds the probabilities of all steps, [steps, M, N], or computes them again.</param>
internal sealed record FlowPlan(FlowSchedule Schedule, bool FromOwn, long BlockRows, bool Recorded, bool KeepsProbabilities)
{
    /// <summary>The blocks of so many rows.</summary>
    internal IEnumerable<RowBlock> Blocks(long rows)
    {
        for (long start = 0; start < rows; start += BlockRows)
            yield return new RowBlock(start, Math.Min(BlockRows, rows - start));
    }
}

/// <summary>
/// A step of a linear multistep method: y' = Scale y + the sum over l of Coefficients[l] delta[k-l], with the pull of the zones at this step, delta[k],
/// and at those before.
/// </summary>
/// <param name="Time">At which delta is taken.</param>
internal sealed record FlowStep(double Time, double Scale, double[] Coefficients)
{
    /// <summary>The point after this step, the <paramref name="k"/>-th.</summary>
    /// <param name="deltas">Of all steps so far.</param>
    internal Tensor Advance(Tensor y, IReadOnlyList<Tensor> deltas, int k)
    {
        var next = y * Scale;
        for (var back = 0; back < Coefficients.Length; back++)
            next.add_(deltas[k - back], Coefficients[back]);
        return next;
    }
}
