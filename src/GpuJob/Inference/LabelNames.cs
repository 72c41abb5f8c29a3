using LznPipeline.Shared.Options;

namespace LznPipeline.GpuJob.Inference;

/// <summary>Labels that people name.</summary>
internal static class LabelNames
{
    private const int Shown = 20;

    /// <returns>The numbers of the named labels, or of all where none is named; a single 0 where the model knows no labels.</returns>
    /// <exception cref="OptionsException">The model does not know one, or none at all.</exception>
    internal static long[] Of(ModelFile model, string[] names)
    {
        if (model.Model.Classes == 0)
            return names is [] ? [0] : throw new OptionsException("--label", names[0], "nothing: this model draws images without labels");
        return names is [] ? [.. model.Classes.Select((_, label) => (long)label)] : Array.ConvertAll(names, name => Number(model.Classes, name));
    }

    private static long Number(string[] classes, string name) => Array.IndexOf(classes, name) is var found and >= 0
        ? found
        : throw new OptionsException("--label", name, classes.Length <= Shown ? string.Join(", ", classes) : $"one of {classes.Length} names, such as {string.Join(", ", classes.Take(Shown))}");
}
