using System.CommandLine;
using System.Text.Json;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.GpuJob.Inference.Arguments;

/// <summary>What the command line says of the way from noise to images, in place of the model's recipe.</summary>
internal static class SamplingOptions
{
    /// <summary>Images that are drawn together, unless the command line says it.</summary>
    internal const int BatchSize = 64;

    private static readonly WordOption<SamplingSolver> Solver =
        new("--solver", "euler (equal steps) or rk45 (steps as an error estimate allows). Left out: as the model's recipe says; likewise the next two.");
    private static readonly Option<int?> Steps = new("--steps") { Description = "Steps of euler." };
    private static readonly Option<double?> Tolerance = new("--tolerance") { Description = "Allowed error of a step of rk45." };

    internal static void AddTo(Command command)
    {
        command.Options.Add(Solver);
        command.Options.Add(Steps);
        command.Options.Add(Tolerance);
    }

    /// <summary>The recipe as the command line changes it.</summary>
    /// <exception cref="OptionsException">A value is out of range.</exception>
    internal static Recipe Apply(ParseResult parsed, Recipe recipe)
    {
        var set = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        Set("sampling.solver", Solver.Read(parsed));
        Set("sampling.steps", parsed.GetValue(Steps));
        Set("sampling.tolerance", parsed.GetValue(Tolerance));
        return set.Count == 0 ? recipe : RecipeOverrides.Apply(recipe, set);

        void Set<T>(string field, T? value)
            where T : struct
        {
            if (value is { } given)
                set[field] = JsonSerializer.SerializeToElement(given, LznJson.Options);
        }
    }

    /// <summary>Consecutive parts of many.</summary>
    internal static IEnumerable<(int Start, int Count)> Batches(int count, int batchSize)
    {
        for (var start = 0; start < count; start += batchSize)
        {
            GarbageCollections.AtRest();
            yield return (start, Math.Min(batchSize, count - start));
        }
    }
}
