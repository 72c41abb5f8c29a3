using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>How the trained model is measured.</summary>
public sealed record EvaluationRecipe
{
    /// <summary>Images that are worked on together; their zones share the latent space.</summary>
    public required int BatchSize { get; init; }

    /// <summary>
    /// Factors of the prior draw with which images are classified, 0 (the middle of each zone), 1 (the whole zone) or more; the first gives the accuracy that is reported first.
    /// For the joint case only.
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
        problems.Unless(PriorScales is null || PriorScales.Length is >= 1 and <= 16 && PriorScales.All(scale => scale is >= 0 and <= 4), "evaluation.priorScales",
            new JsonText(PriorScales ?? []), "1 to 16 numbers from 0 to 4");
        problems.Unless(TrainImages is null or >= 20, "evaluation.trainImages", TrainImages, "20 or more, or leave it out for all");
        problems.ForObjective("evaluation.images", Images, objective, Objective.Generation, Objective.Joint);
        Images?.Validate(problems);
    }
}
