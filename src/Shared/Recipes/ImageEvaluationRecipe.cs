using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>How generated images are compared with real ones.</summary>
public sealed record ImageEvaluationRecipe
{
    /// <summary>Images that are drawn for each seed. The published figures are of 50,000; fewer make the Frechet distance greater, so it compares only at equal numbers.</summary>
    public required int Samples { get; init; }

    /// <summary>How often all of them are drawn; figures are reported with their spread.</summary>
    public required int Seeds { get; init; }

    /// <summary>The real images. The published figures compare with the train split; with features that were trained on it, the test split is the honest one.</summary>
    public required ReferenceSplit Reference { get; init; }

    /// <summary>Test images that are rebuilt from their latents and computed noise.</summary>
    public required int Reconstructions { get; init; }

    /// <summary>The network whose features are compared; null to train a small classifier for it.</summary>
    public FeatureNetworkRecipe? FeatureNetwork { get; init; }

    internal void Validate(Problems problems)
    {
        problems.Unless(Samples is >= 4 and <= 1_000_000, "evaluation.images.samples", Samples, "4 to 1000000");
        problems.Unless(Seeds is >= 1 and <= 100, "evaluation.images.seeds", Seeds, "1 to 100");
        problems.Unless(Reconstructions is >= 1 and <= 100_000, "evaluation.images.reconstructions", Reconstructions, "1 to 100000");
        FeatureNetwork?.Validate(problems);
    }
}

/// <summary>Which real images generated ones are compared with.</summary>
public enum ReferenceSplit
{
    Train,
    Test,
}

/// <summary>A feature network that is at hand as a TorchScript file.</summary>
public sealed record FeatureNetworkRecipe
{
    /// <summary>A file that the jobs can read, or <c>blob:NAME</c> for one in the container. What it must compute is in <c>docs/evaluation.md</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Side in pixels to which images are resized before; null to leave them as they are.</summary>
    public int? Size { get; init; }

    internal void Validate(Problems problems)
    {
        problems.Unless(!string.IsNullOrWhiteSpace(Source), "evaluation.images.featureNetwork.source", Source, "a file, or blob:NAME of one in the container");
        problems.Unless(Size is null or >= 1 and <= 4096, "evaluation.images.featureNetwork.size", Size, "1 to 4096, or leave it out");
    }
}
