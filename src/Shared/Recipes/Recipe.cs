using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>Everything that decides what training computes, but for the data and the seed.</summary>
public sealed record Recipe
{
    internal void Validate(Problems problems)
    {
    }
}
