using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

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
