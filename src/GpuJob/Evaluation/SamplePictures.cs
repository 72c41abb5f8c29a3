using LznPipeline.GpuJob.Networks;
using LznPipeline.GpuJob.Sampling;
using LznPipeline.Shared.Recipes;
using static TorchSharp.torch;

namespace LznPipeline.GpuJob.Evaluation;

/// <summary>Pictures of what a model generates.</summary>
internal static class SamplePictures
{
    internal const string ByClass = "by-class";
    internal const string Random = "random";
    internal const string Steps = "steps";

    /// <returns>
    /// PNG files by name: <see cref="ByClass"/>, a row for each class, or <see cref="Random"/>, a square. If the recipe asks for all steps, also <see cref="Steps"/>: for each image of the
    /// first row a row of what it would have become after each step.
    /// </returns>
    internal static IEnumerable<(string Name, byte[] Png)> Draw(LznModel model, Recipe recipe, long seed)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var sampling = recipe.Sampling!;                                                        // who has a decoder has this section
        var rows = model.Classes > 0 ? model.Classes : sampling.Columns;
        var labels = arange(rows, dtype: ScalarType.Int64).repeat_interleave(sampling.Columns);     // [rows * columns]
        var steps = new List<Tensor>();
        var images = new ModelImages(model, recipe, seed).Draw(0, labels, sampling.AllSteps ? Keep : null);
        scope.Attach(steps);
        var pictures = new List<(string, byte[])> { (model.Classes > 0 ? ByClass : Random, PictureGrid.Png(images, sampling.Columns)) };
        if (sampling.AllSteps)
            pictures.Add((Steps, PictureGrid.Png(stack(steps, dim: 1).flatten(0, 1), steps.Count)));         // [columns * steps, 3, S, S]
        return pictures;

        // The way ends with a scope of its own, so what is kept leaves every scope first.
        void Keep(Tensor predicted, double t) => steps.Add(predicted.narrow(0, 0, sampling.Columns).to_type(ScalarType.Float32, copy: true).DetachFromDisposeScope());
    }
}
