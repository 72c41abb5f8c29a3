using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>How the two views of an image find each other: the latent of the first, flowed back among the anchors of the second views, shall arrive at its own.</summary>
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
