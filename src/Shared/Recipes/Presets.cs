using System.Text.Json;
using System.Text.Json.Nodes;
using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>The presets of <c>configs/</c>, which travel inside this assembly.</summary>
public static class Presets
{
    private const string Folder = "configs/";
    private const string Ending = ".json";

    public static IReadOnlyList<string> Names { get; } =
        [.. typeof(Presets).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Select(name => name[Folder.Length..^Ending.Length]).Order(StringComparer.Ordinal)];

    /// <summary>The preset with the overrides laid over it, validated. Null, with the reasons in <paramref name="problems"/>, when anything is wrong.</summary>
    /// <param name="preset">A name of <see cref="Names"/>.</param>
    /// <param name="overrides">Field paths such as <c>training.batchSize</c> and their values.</param>
    public static Recipe? Resolve(string preset, IReadOnlyDictionary<string, JsonElement> overrides, Problems problems)
    {
        if (!Names.Contains(preset))
        {
            problems.Unless(false, "preset", preset, string.Join(", ", Names));
            return null;
        }

        return RecipeOverrides.Apply(Load(preset), overrides, problems);
    }

    private static JsonObject Load(string preset)
    {
        using var stream = typeof(Presets).Assembly.GetManifestResourceStream(Folder + preset + Ending)!;    // the name is one of Names
        return JsonNode.Parse(stream, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true })!.AsObject();
    }
}
