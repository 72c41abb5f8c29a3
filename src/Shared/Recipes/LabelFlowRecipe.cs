using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>The flow among the label anchors: backwards to read a label from a latent, forwards to draw a latent for a label. Solved by Euler steps.</summary>
public sealed record LabelFlowRecipe
{
    /// <summary>Steps in each direction; the published runs use 100.</summary>
    public required int Steps { get; init; }

    /// <summary>Factor of the prior draws from which the latents come that labels are learnt by, above 0 up to 1. The decoder's come from the whole of each zone. Published: 1.</summary>
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
