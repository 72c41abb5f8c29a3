using System.Text.Json;
using System.Text.Json.Nodes;
using LznPipeline.Shared.Options;

namespace LznPipeline.Shared.Recipes;

/// <summary>The presets of <c>configs/</c>, which travel inside this assembly, and overrides of their fields.</summary>
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

        var fields = Load(preset);
        foreach (var (path, value) in overrides)
            Override(fields, path, value, problems);
        return problems.Any ? null : Read(preset, fields, problems);
    }

    private static JsonObject Load(string preset)
    {
        using var stream = typeof(Presets).Assembly.GetManifestResourceStream(Folder + preset + Ending)!;    // the name is one of Names
        return JsonNode.Parse(stream, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true })!.AsObject();
    }

    private static void Override(JsonObject fields, string path, JsonElement value, Problems problems)
    {
        var names = path.Split('.');
        var owner = fields;
        foreach (var name in names[..^1])
        {
            if (owner[name] is not JsonObject child)
            {
                problems.Unless(false, $"set.{path}", value, $"a field of the preset; {name} is none of {string.Join(", ", owner.Select(member => member.Key))}");
                return;
            }

            owner = child;
        }

        if (owner.ContainsKey(names[^1]))
            owner[names[^1]] = JsonNode.Parse(value.GetRawText());
        else
            problems.Unless(false, $"set.{path}", value, $"a field of the preset; {names[^1]} is none of {string.Join(", ", owner.Select(member => member.Key))}");
    }

    private static Recipe? Read(string preset, JsonObject fields, Problems problems)
    {
        try
        {
            var recipe = fields.Deserialize<Recipe>(LznJson.Options)!;      // an object is never null
            recipe.Validate(problems);
            return problems.Any ? null : recipe;
        }
        catch (JsonException wrong)
        {
            var field = wrong.Path is { Length: > 2 } path ? path[2..] : preset;
            problems.Unless(false, field, Given(fields, field), $"a value like the preset's own, {Given(Load(preset), field)}");
            return null;
        }
    }

    /// <summary>The JSON at a path such as <c>training.batchSize</c> or <c>decoder.channels[1]</c>.</summary>
    private static JsonText Given(JsonNode fields, string path)
    {
        var node = path.Split('[')[0].Split('.').Aggregate((JsonNode?)fields, (owner, name) => (owner as JsonObject)?[name]);
        return new JsonText(node?.ToJsonString() ?? "null");
    }
}
