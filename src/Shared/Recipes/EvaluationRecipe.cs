using LznPipeline.Shared.Options;
using LznPipeline.Shared.Sources;

namespace LznPipeline.Shared.Recipes;

/// <summary>How the trained model is measured.</summary>
public sealed record EvaluationRecipe
{
    /// <summary>Images that are worked on together; their zones share the latent space.</summary>
    public required int BatchSize { get; init; }

    /// <summary>
    /// Factors of the prior draw with which images are classified, 0 (the middle of each zone), 1 (the whole zone) or more;
    /// the first gives the accuracy that is reported first. For the joint case only.
    /// </summary>
    public double[]? PriorScales { get; init; }

    /// <summary>Most images of the train split that are looked at, drawn from it; null for all.</summary>
    public int? TrainImages { get; init; }

    /// <summary>Of generation and the joint case.</summary>
    public ImageEvaluationRecipe? Images { get; init; }

    internal void Validate(Problems problems, Objective objective)
    {
        problems.Unless(BatchSize is >= 2 and <= 65536, "evaluation.batchSize", BatchSize, "2 to 65536");
        problems.ForObjective("evaluation.priorScales", PriorScales, objective, Objective.Joint);
        problems.Unless(PriorScales is null || PriorScales.Length is >= 1 and <= 16 && PriorScales.All(scale => scale is >= 0 and <= 4),
            "evaluation.priorScales", new JsonText(PriorScales ?? []), "1 to 16 numbers from 0 to 4");
        problems.Unless(TrainImages is null or >= 20, "evaluation.trainImages", TrainImages, "20 or more, or leave it out for all");
        problems.ForObjective("evaluation.images", Images, objective, Objective.Generation, Objective.Joint);
        Images?.Validate(problems);
    }
}

/// <summary>How generated images are compared with real ones.</summary>
public sealed record ImageEvaluationRecipe
{
    /// <summary>
    /// Images that are drawn for each seed. The published figures are of 50,000; fewer make the Frechet distance greater, so it compares only at equal numbers.
    /// </summary>
    public required int Samples { get; init; }

    /// <summary>How often all of them are drawn; figures are reported with their spread.</summary>
    public required int Seeds { get; init; }

    /// <summary>
    /// The real images. The published figures compare with the train split; with features that were trained on it, the test split is the honest one.
    /// </summary>
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
    /// <summary>Path of <see cref="Source"/> in a recipe.</summary>
    public const string Field = "evaluation.images.featureNetwork.source";

    /// <summary>A file that the jobs can read, or <c>blob:NAME</c> for one in the container. What it must compute is in <c>docs/evaluation.md</c>.</summary>
    public required string Source { get; init; }

    /// <summary>Side in pixels to which images are resized before; null to leave them as they are.</summary>
    public int? Size { get; init; }

    internal void Validate(Problems problems)
    {
        SourceAddress.Validate(problems, Field, Source, "a file, or blob:NAME of one in the container");
        problems.Unless(Size is null or >= 1 and <= 4096, "evaluation.images.featureNetwork.size", Size, "1 to 4096, or leave it out");
    }
}

/// <summary>How images are drawn from the trained model.</summary>
public sealed record SamplingRecipe
{
    public required SamplingSolver Solver { get; init; }

    /// <summary>Steps from noise to image with <see cref="SamplingSolver.Euler"/>.</summary>
    public int Steps { get; init; } = 100;

    /// <summary>Allowed relative and absolute error of a step with <see cref="SamplingSolver.Rk45"/>.</summary>
    public double Tolerance { get; init; } = 1e-5;

    /// <summary>Images in a row of the picture of samples. The joint case has a row for each class, generation as many rows as columns.</summary>
    public required int Columns { get; init; }

    /// <summary>Whether to draw also what the images of the first row would have become after each step.</summary>
    public bool AllSteps { get; init; }

    internal void Validate(Problems problems)
    {
        problems.Unless(Steps is >= 1 and <= 10000, "sampling.steps", Steps, "1 to 10000");
        problems.Unless(Tolerance is >= 1e-9 and <= 0.1, "sampling.tolerance", Tolerance, "1e-9 to 0.1");
        problems.Unless(Columns is >= 1 and <= 100, "sampling.columns", Columns, "1 to 100");
    }
}

/// <summary>How the decoder's velocity is followed.</summary>
public enum SamplingSolver
{
    /// <summary>Equal steps.</summary>
    Euler,

    /// <summary>Runge-Kutta steps of order 5 whose length follows from an error estimate (Dormand and Prince).</summary>
    Rk45,
}
