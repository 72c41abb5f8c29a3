using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>How the latent flow among image anchors is solved.</summary>
public sealed record FlowRecipe
{
    public required FlowSolver Solver { get; init; }

    /// <summary>Steps in each direction; the published runs use 20.</summary>
    public required int Steps { get; init; }

    internal void Validate(Problems problems)
    {
        problems.Unless(Enum.IsDefined(Solver), "flow.solver", Solver, "euler, dpm");
        problems.Unless(Steps is >= 1 and <= 1000, "flow.steps", Steps, "1 to 1000");
    }
}

/// <summary>Integrators of the latent flow.</summary>
public enum FlowSolver
{
    /// <summary>Order 1. What the published representation runs use.</summary>
    Euler,

    /// <summary>DPM-Solver++, multistep, order 3. What the published generative runs use.</summary>
    Dpm,
}
