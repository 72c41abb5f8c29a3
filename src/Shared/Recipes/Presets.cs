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
        return JsonNode.Parse(
            stream, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true })!.AsObject();
    }
}

/// <summary>Changes of a recipe's fields by their paths, such as <c>training.batchSize</c>, as requests and command lines have them.</summary>
public static class RecipeOverrides
{
    /// <summary>Sections within sections, with room; thousands would overrun what writes them down.</summary>
    private const int MaxDepth = 8;

    private const int ShownLength = 60;

    /// <summary>Overrides as people type them, <c>FIELD=VALUE</c>: values are JSON, and what is not JSON is text.</summary>
    /// <exception cref="OptionsException">Something has no such form.</exception>
    public static SortedDictionary<string, JsonElement> Parse(IEnumerable<string> given)
    {
        var overrides = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var text in given)
        {
            if (text.Split('=', 2) is not [{ Length: > 0 } field, var value])
                throw new OptionsException("--set", text, "FIELD=VALUE, such as training.iterations=300");
            overrides[field] = Json(value);
        }

        return overrides;
    }

    /// <summary>The recipe with the overrides laid over it, validated.</summary>
    /// <exception cref="OptionsException">Lists everything that is wrong.</exception>
    public static Recipe Apply(Recipe recipe, IReadOnlyDictionary<string, JsonElement> overrides)
    {
        var problems = new Problems();
        var changed = Apply(JsonSerializer.SerializeToNode(recipe, LznJson.Options)!.AsObject(), overrides, problems);      // a record is an object
        problems.ThrowIfAny();
        return changed!;        // null was a problem
    }

    /// <summary>
    /// A recipe's fields with the overrides laid over them, validated.
    /// Null, with the reasons in <paramref name="problems"/>, when anything is wrong.
    /// </summary>
    internal static Recipe? Apply(JsonObject fields, IReadOnlyDictionary<string, JsonElement> overrides, Problems problems)
    {
        var before = problems.All.Count;
        foreach (var (path, value) in overrides)
            Override(fields, path, value, problems);
        if (problems.All.Count > before || JsonContract.Read<Recipe>(fields, problems) is not { } recipe)
            return null;
        recipe.Validate(problems);
        return problems.All.Count == before ? recipe : null;
    }

    private static JsonElement Json(string value)
    {
        try
        {
            return JsonElement.Parse(value);
        }
        catch (JsonException)
        {
            return JsonSerializer.SerializeToElement(value);
        }
    }

    /// <summary>Sets a field. A section that is left out begins empty; whether there is such a field at all, the recipe's type says later.</summary>
    private static void Override(JsonObject fields, string path, JsonElement value, Problems problems)
    {
        var names = path.Split('.');
        if (names.Length > MaxDepth)
        {
            problems.Unless(false, $"set.{path[..Math.Min(path.Length, ShownLength)]}", new JsonText($"{names.Length} names deep"), $"at most {MaxDepth}");
            return;
        }

        var owner = fields;
        foreach (var name in names[..^1])
        {
            owner[name] ??= new JsonObject();
            if (owner[name] is not JsonObject section)
            {
                problems.Unless(false, $"set.{path}", new JsonText(value.GetRawText()),
                    $"the path of a field; {name} is the value {owner[name]!.ToJsonString()} and no section");
                return;
            }

            owner = section;
        }

        owner[names[^1]] = JsonNode.Parse(value.GetRawText());
    }
}
