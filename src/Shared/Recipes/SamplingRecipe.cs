using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>How images are drawn from the trained model.</summary>
public sealed record SamplingRecipe
{
    /// <summary>Euler steps from noise to image.</summary>
    public required int Steps { get; init; }

    /// <summary>Images of each class in the picture of samples.</summary>
    public required int PerClass { get; init; }

    internal void Validate(Problems problems)
    {
        problems.Unless(Steps is >= 1 and <= 10000, "sampling.steps", Steps, "1 to 10000");
        problems.Unless(PerClass is >= 1 and <= 100, "sampling.perClass", PerClass, "1 to 100");
    }
}
