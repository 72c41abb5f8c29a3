using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>How the latent flow among image anchors is solved.</summary>
public sealed record FlowRecipe
{
    public required FlowSolver Solver { get; init; }

    /// <summary>Steps in each direction; the published runs use 20.</summary>
    public required int Steps { get; init; }

    internal void Validate(Problems problems)
    {
        problems.Unless(Enum.IsDefined(Solver), "flow.solver", Solver, "euler, dpm");
        problems.Unless(Steps is >= 1 and <= 1000, "flow.steps", Steps, "1 to 1000");
    }
}

/// <summary>Integrators of the latent flow.</summary>
public enum FlowSolver
{
    /// <summary>Order 1. What the published representation runs use.</summary>
    Euler,

    /// <summary>DPM-Solver++, multistep, order 3. What the published generative runs use.</summary>
    Dpm,
}

/// <summary>The flow among the label anchors: backwards to read a label from a latent, forwards to draw a latent for a label. Solved by Euler steps.</summary>
public sealed record LabelFlowRecipe
{
    /// <summary>Steps in each direction; the published runs use 100.</summary>
    public required int Steps { get; init; }

    /// <summary>
    /// Factor of the prior draws from which the latents come that labels are learnt by, above 0 up to 1. The decoder's come from the whole of each zone.
    /// Published: 1.
    /// </summary>
    public double PriorScale { get; init; } = 1;

    /// <summary>Part of the steps, counted from the prior, that the label loss leaves out: there no latent can know its label yet. Published: 0.2.</summary>
    public required double DropFirst { get; init; }

    /// <summary>Forms of the label loss. Published: probability 1, cross-entropy 0.</summary>
    public required AssignmentLossWeights LossWeight { get; init; }

    internal void Validate(Problems problems)
    {
        problems.Unless(Steps is >= 1 and <= 1000, "labelFlow.steps", Steps, "1 to 1000");
        problems.Unless(PriorScale is > 0 and <= 1, "labelFlow.priorScale", PriorScale, "above 0, up to 1");
        problems.Unless(DropFirst is >= 0 and < 1, "labelFlow.dropFirst", DropFirst, "from 0 to below 1");
        LossWeight.Validate(problems, "labelFlow.lossWeight");
    }
}

/// <summary>
/// How the two views of an image find each other: the latent of the first, flowed back among the anchors of the second views, shall arrive at its own.
/// </summary>
public sealed record ContrastiveRecipe
{
    /// <summary>Factor of the prior draws from which latents come, above 0 up to 1. Published: 0.45.</summary>
    public required double PriorScale { get; init; }

    /// <summary>Part of the reverse flow's steps, counted from the prior, that the loss leaves out. Published: 0.2.</summary>
    public required double DropFirst { get; init; }

    /// <summary>Forms of the loss. Published: cross-entropy 1, probability 0.</summary>
    public required AssignmentLossWeights LossWeight { get; init; }

    internal void Validate(Problems problems)
    {
        problems.Unless(PriorScale is > 0 and <= 1, "contrastive.priorScale", PriorScale, "above 0, up to 1");
        problems.Unless(DropFirst is >= 0 and < 1, "contrastive.dropFirst", DropFirst, "from 0 to below 1");
        LossWeight.Validate(problems, "contrastive.lossWeight");
    }
}
