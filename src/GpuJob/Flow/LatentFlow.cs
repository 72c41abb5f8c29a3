using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Flow;

/// <summary>
/// The flow between anchors and the shared latent space: every anchor's zone is what flows from it (rectified flow between a point set and N(0, I);
/// docs/method.md, section 2).
/// </summary>
/// <remarks>
/// At time t, from 0 at the anchors to 1 at the prior, the point of anchor a is N((1-t) a, t^2 I), and the velocity at x is (x - abar)/t with abar the
/// mean of the anchors under p_j = softmax_j(log w_j - |x - (1-t) a_j|^2 / 2t^2): one attention. Memory is that of the points at the steps, [steps, M, d],
/// and some blocks of [rows, N]; never [M, N, d].
/// Float32 and float64, on any device that has both.
/// </remarks>
internal sealed class LatentFlow(FlowSolver solver, int steps)
{
    /// <summary>Most rows that go through all steps together. Changes results by rounding only.</summary>
    /// <remarks>Matrix products are slow with fewer than 100 rows and no faster with more than 256, while the temporaries, [rows, N], grow.</remarks>
    internal long BlockRows { get; init; } = 256;

    /// <summary>
    /// Most bytes of probabilities, [steps, M, N], that are kept for the backward pass; more are computed again. Changes results by rounding only.
    /// </summary>
    internal long KeptBytes { get; init; } = 64 << 20;

    /// <summary>The flow among image anchors.</summary>
    internal static LatentFlow Of(FlowRecipe recipe) => new(recipe.Solver, recipe.Steps);

    /// <summary>The flow among label anchors.</summary>
    internal static LatentFlow Of(LabelFlowRecipe recipe) => new(FlowSolver.Euler, recipe.Steps);

    /// <summary>From anchors into their zones. Differentiable in anchors and prior.</summary>
    /// <param name="anchors">Of all zones, [N, d].</param>
    /// <param name="prior">Draws from N(0, I), one for each row of <paramref name="own"/>, [M, d]. The zero draw gives the middle of a zone.</param>
    /// <param name="own">Which anchor each row starts from, int64 [M].</param>
    /// <param name="weights">Of the anchors, positive or zero, [N]; null for equal ones.</param>
    /// <returns>Latents, [M, d].</returns>
    /// <exception cref="ArgumentException">
    /// Shapes or types do not fit together, or <paramref name="own"/> or <paramref name="weights"/> are out of range.
    /// </exception>
    internal Tensor Forward(Tensor anchors, Tensor prior, Tensor own, Tensor? weights = null)
    {
        FlowArguments.Check(anchors, (nameof(prior), prior), (nameof(own), own), weights);
        using var scope = NewDisposeScope();            // of its own the graph keeps what it needs
        var plan = Plan(FlowSchedule.Forward(solver, steps), fromOwn: true, anchors, prior);
        return FlowFunction.Run(anchors, prior, LogWeights(anchors, weights), own, plan).End.MoveToOuterDisposeScope();
    }

    /// <summary>From latents back to anchors. Differentiable in latents and anchors.</summary>
    /// <param name="latents">[M, d].</param> <param name="anchors">[N, d].</param>
    /// <param name="targets">The anchor whose probability is reported for each latent, int64 [M].</param>
    /// <param name="weights">Of the anchors, positive or zero, [N]; null for equal ones.</param>
    /// <returns>Where the latents arrive, [M, d], and the logarithm of their targets' probabilities at each step, before it is taken, [steps, M].</returns>
    /// <exception cref="ArgumentException">
    /// Shapes or types do not fit together, or <paramref name="targets"/> or <paramref name="weights"/> are out of range.
    /// </exception>
    internal (Tensor Arrived, Tensor LogProbabilities) Reverse(Tensor latents, Tensor anchors, Tensor targets, Tensor? weights = null)
    {
        FlowArguments.Check(anchors, (nameof(latents), latents), (nameof(targets), targets), weights);
        using var scope = NewDisposeScope();
        var plan = Plan(FlowSchedule.Reverse(solver, steps), fromOwn: false, anchors, latents);
        var (end, logProbabilities) = FlowFunction.Run(anchors, latents, LogWeights(anchors, weights), targets, plan);
        return scope.MoveToOuter(end, logProbabilities);
    }

    /// <summary>Where latents arrive, as <see cref="Reverse"/> says.</summary>
    internal Tensor Arrive(Tensor latents, Tensor anchors, Tensor? weights = null)
    {
        using var scope = NewDisposeScope();
        return Reverse(latents, anchors, zeros(latents.shape[0], dtype: ScalarType.Int64, device: latents.device), weights).Arrived.MoveToOuterDisposeScope();
    }

    private static Tensor LogWeights(Tensor anchors, Tensor? weights) =>
        weights?.to_type(ScalarType.Float64).log() ?? zeros(anchors.shape[0], dtype: anchors.dtype, device: anchors.device);

    private FlowPlan Plan(FlowSchedule schedule, bool fromOwn, Tensor anchors, Tensor rows)
    {
        var recorded = is_grad_enabled() && (anchors.requires_grad || rows.requires_grad);
        var probabilities = steps * rows.shape[0] * anchors.shape[0] * anchors.element_size();      // bytes
        return new FlowPlan(schedule, fromOwn, BlockRows, recorded, recorded && probabilities <= KeptBytes);
    }
}
