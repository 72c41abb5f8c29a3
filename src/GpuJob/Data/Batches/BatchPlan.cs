using LznPipeline.Shared.Recipes;

namespace LznPipeline.GpuJob.Data.Batches;

/// <summary>Which batches there are, and which part of them a device takes.</summary>
/// <param name="BatchSize">Images in a batch, over all devices together.</param>
/// <param name="Views">Variations of each image.</param>
/// <param name="Rank">Number of this device, from 0.</param> <param name="Ranks">Number of devices.</param>
internal sealed record BatchPlan(int BatchSize, int Views, long Seed, int Rank = 0, int Ranks = 1)
{
    /// <summary>As a recipe trains: a representation sees two views of each image.</summary>
    internal static BatchPlan For(Recipe recipe, long seed) => new(recipe.Training.BatchSize, recipe.Objective is Objective.Representation ? 2 : 1, seed);
}
