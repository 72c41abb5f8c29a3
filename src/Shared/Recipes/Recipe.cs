using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>Everything that decides what training computes, but for the data and the seed. Fields are explained in <c>docs/training.md</c>.</summary>
public sealed record Recipe
{
    public required ImageRecipe Image { get; init; }

    public required EncoderRecipe Encoder { get; init; }

    public required DecoderRecipe Decoder { get; init; }

    public required FlowRecipe Flow { get; init; }

    public required LabelFlowRecipe LabelFlow { get; init; }

    public required TrainingRecipe Training { get; init; }

    public required SamplingRecipe Sampling { get; init; }

    public required EvaluationRecipe Evaluation { get; init; }

    internal void Validate(Problems problems)
    {
        Image.Validate(problems);
        Encoder.Validate(problems, Image);
        Decoder.Validate(problems, Image);
        Flow.Validate(problems);
        LabelFlow.Validate(problems);
        Training.Validate(problems);
        Sampling.Validate(problems);
        Evaluation.Validate(problems);
    }
}
