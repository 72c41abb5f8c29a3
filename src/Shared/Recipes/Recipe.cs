using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>Everything that decides what training computes, but for the data and the seed. Sections that the objective has no use for are null. Fields are explained in <c>docs/training.md</c>.</summary>
public sealed record Recipe
{
    public required Objective Objective { get; init; }

    public required ImageRecipe Image { get; init; }

    public required EncoderRecipe Encoder { get; init; }

    /// <summary>Of generation and the joint case.</summary>
    public DecoderRecipe? Decoder { get; init; }

    public required FlowRecipe Flow { get; init; }

    /// <summary>Of the joint case.</summary>
    public LabelFlowRecipe? LabelFlow { get; init; }

    /// <summary>Of representation.</summary>
    public ContrastiveRecipe? Contrastive { get; init; }

    public required TrainingRecipe Training { get; init; }

    /// <summary>Of generation and the joint case.</summary>
    public SamplingRecipe? Sampling { get; init; }

    public required EvaluationRecipe Evaluation { get; init; }

    /// <summary>The recipe without what has no influence on any result: two that agree in this train the same model.</summary>
    public Recipe Identity() => this with { Training = Training.Identity() };

    /// <exception cref="OptionsException">Lists everything that is wrong.</exception>
    public void ThrowIfInvalid()
    {
        var problems = new Problems();
        Validate(problems);
        problems.ThrowIfAny();
    }

    internal void Validate(Problems problems)
    {
        problems.ForObjective("decoder", Decoder, Objective, Objective.Generation, Objective.Joint);
        problems.ForObjective("labelFlow", LabelFlow, Objective, Objective.Joint);
        problems.ForObjective("contrastive", Contrastive, Objective, Objective.Representation);
        problems.ForObjective("sampling", Sampling, Objective, Objective.Generation, Objective.Joint);
        Image.Validate(problems);
        Encoder.Validate(problems, Image);
        Decoder?.Validate(problems, Image, Objective);
        Flow.Validate(problems);
        LabelFlow?.Validate(problems);
        Contrastive?.Validate(problems);
        Training.Validate(problems, Objective);
        Sampling?.Validate(problems);
        Evaluation.Validate(problems, Objective);
    }
}
