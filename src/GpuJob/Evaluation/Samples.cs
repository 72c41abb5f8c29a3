using LznPipeline.GpuJob.Evaluation.Reports;
using LznPipeline.GpuJob.Networks;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.GpuJob.Evaluation;

/// <summary>The report's pictures of random samples, not chosen by anybody.</summary>
internal static class Samples
{
    internal static Section Draw(LznModel model, Recipe recipe, string[] classes, long seed) => new(
        "Samples",
        $"Drawn with the running means of the weights by {Words(recipe.Sampling!)}, seed {seed}. They are the first that the seed gives; none was chosen.",       // who has a decoder has this section
        [.. SamplePictures.Draw(model, recipe, seed).Select(picture => new PicturePlate($"samples/{picture.Name}.png", picture.Png, Caption(picture.Name, classes)))]);

    private static string Caption(string name, string[] classes) => name switch
    {
        SamplePictures.ByClass => $"A row for each class, from top to bottom: {string.Join(", ", classes)}.",
        SamplePictures.Steps => "Each image of the first row, as it would have ended after each step, from the first (left) to the last (right).",
        _ => "Images without any condition.",
    };

    private static string Words(SamplingRecipe sampling) => sampling.Solver is SamplingSolver.Rk45 ? $"adaptive Runge-Kutta steps (tolerance {sampling.Tolerance})" : $"{sampling.Steps} Euler steps";
}
