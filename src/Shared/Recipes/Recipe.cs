using System.Text.Json;
using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>
/// Everything that decides what training computes, but for the data and the seed. Sections that the objective has no use for are null.
/// Fields are explained in <c>docs/recipe.md</c>.
/// </summary>
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

/// <summary>What a model is trained for; each is a case study of the paper (docs/method.md, section 3).</summary>
public enum Objective
{
    /// <summary>Case 1: images are drawn from the latent space, without labels.</summary>
    Generation,

    /// <summary>Case 2: two views of an image share a zone, so that its anchor describes it. There is no decoder.</summary>
    Representation,

    /// <summary>Case 3: images are drawn for a label, and labels are read from images.</summary>
    Joint,
}

/// <summary>Fields that belong to some objectives only.</summary>
internal static class ObjectiveFields
{
    /// <summary>Demands a field or section of the objectives that use it, and refuses it elsewhere, where it would seem to do something.</summary>
    internal static void ForObjective(this Problems problems, string field, object? given, Objective objective, params ReadOnlySpan<Objective> users)
    {
        var used = users.Contains(objective);
        problems.Unless(!used || given is not null, field, given: null, $"it must be given, because objective is {Word(objective)}");
        problems.Unless(used || given is null, field, new JsonText("given"), $"leave it out or null, because objective is {Word(objective)}");
    }

    private static string Word(Objective objective) => JsonNamingPolicy.CamelCase.ConvertName(objective.ToString());
}

/// <summary>
/// Weights of the two forms in which a latent's assignment to its anchor can be wanted.
/// Both see the best probability p of the right anchor over the steps of the reverse flow.
/// </summary>
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
