using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>Weights of the two forms in which a latent's assignment to its anchor can be wanted. Both see the best probability p of the right anchor over the steps of the reverse flow.</summary>
public sealed record AssignmentLossWeights
{
    /// <summary>Of minus p, the published form of the label loss. Hardly moves a latent that is far off.</summary>
    public required double Probability { get; init; }

    /// <summary>Of minus the logarithm of p, the published form of the contrastive loss.</summary>
    public required double CrossEntropy { get; init; }

    internal void Validate(Problems problems, string section)
    {
        problems.Unless(Probability is >= 0 and <= 1000, $"{section}.probability", Probability, "0 to 1000");
        problems.Unless(CrossEntropy is >= 0 and <= 1000, $"{section}.crossEntropy", CrossEntropy, "0 to 1000");
        problems.Unless(Probability > 0 || CrossEntropy > 0, section, "0 for both forms", "at least one above 0");
    }
}
