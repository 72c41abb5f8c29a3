using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace LznPipeline.Shared.Options;

/// <summary>
/// Reads JSON that people write. A serializer stops at the first thing it dislikes; this names every field that is unknown, missing or of another type.
/// </summary>
public static class JsonContract
{
    private static readonly JsonDocumentOptions Strict =
        new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false };

    /// <summary>Reads <typeparamref name="T"/> from JSON text.</summary>
    /// <exception cref="OptionsException">Lists every field whose shape is wrong. Whether the values make sense is for the type itself to say.</exception>
    public static T Read<T>(string json)
        where T : class
    {
        var problems = new Problems();
        try
        {
            var read = Read<T>(JsonNode.Parse(json, documentOptions: Strict), problems);
            problems.ThrowIfAny();
            return read!;       // null was a problem
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            // Half a surrogate pair, which JSON can write and no text can hold, is found only when its text is asked for.
            throw new OptionsException("body", new JsonText("text that is not JSON"), $"one JSON object; {wrong.Message}");
        }
    }

    /// <summary>
    /// Reads <typeparamref name="T"/> from parsed JSON.
    /// Null, with every field whose shape is wrong in <paramref name="problems"/>, when there is one.
    /// </summary>
    internal static T? Read<T>(JsonNode? node, Problems problems)
        where T : class
    {
        var before = problems.All.Count;
        Check(node, LznJson.Options.GetTypeInfo(typeof(T)), string.Empty, problems);
        return problems.All.Count == before ? node.Deserialize<T>(LznJson.Options) : null;
    }

    private static void Check(JsonNode? node, JsonTypeInfo type, string path, Problems problems)
    {
        if (type.Kind is not JsonTypeInfoKind.Object)
            CheckValue(node, type, path, problems);
        else if (node is not JsonObject given)
            problems.Unless(false, path.Length > 0 ? path : "body", Given(node), "an object with the fields " + Names(type));
        else if (type.PolymorphismOptions is { } kinds)
            CheckKind(given, kinds, path, problems);
        else
            CheckFields(given, type, kind: null, path, problems);
    }

    /// <summary>One field says of which kind an object is; its other fields are those of that kind.</summary>
    private static void CheckKind(JsonObject given, JsonPolymorphismOptions kinds, string path, Problems problems)
    {
        var field = kinds.TypeDiscriminatorPropertyName;
        var word = given[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
        var chosen = kinds.DerivedTypes.FirstOrDefault(kind => kind.TypeDiscriminator is string known && known == word).DerivedType;
        if (chosen is null)
            problems.Unless(false, At(path, field), given.ContainsKey(field) ? Given(given[field]) : null,
                "one of " + string.Join(", ", kinds.DerivedTypes.Select(kind => kind.TypeDiscriminator)));
        else
            CheckFields(given, LznJson.Options.GetTypeInfo(chosen), field, path, problems);
    }

    /// <param name="kind">The field that said which type this is, and which the type itself does not have; null if none did.</param>
    private static void CheckFields(JsonObject given, JsonTypeInfo type, string? kind, string path, Problems problems)
    {
        foreach (var (name, value) in given.Where(field => field.Key != kind))
            problems.Unless(type.Properties.Any(field => field.Name == name), At(path, name), Given(value), $"no such field. The fields are {Names(type)}");
        foreach (var field in type.Properties)
        {
            if (!given.TryGetPropertyValue(field.Name, out var value))
                problems.Unless(!field.IsRequired, At(path, field.Name), given: null, "it must be given: " + Describe(field.PropertyType));
            else if (value is not null || !field.IsSetNullable)
                Check(value, LznJson.Options.GetTypeInfo(field.PropertyType), At(path, field.Name), problems);
        }
    }

    private static void CheckValue(JsonNode? node, JsonTypeInfo type, string path, Problems problems)
    {
        try
        {
            var hasNull = node is JsonArray list && list.Contains(null);        // which the serializer lets pass, whatever the elements' type
            problems.Unless(!hasNull && node.Deserialize(type) is not null, path, Given(node), Describe(type.Type));
        }
        catch (JsonException)
        {
            problems.Unless(false, path, Given(node), Describe(type.Type));
        }
    }

    private static string At(string path, string name) => path.Length > 0 ? $"{path}.{name}" : name;

    private static string Names(JsonTypeInfo type) => string.Join(", ", type.Properties.Select(field => field.Name));

    private static JsonText Given(JsonNode? node) => new(node?.ToJsonString() ?? "null");

    private static string Describe(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        { IsEnum: true } words => "one of " + string.Join(", ", Enum.GetNames(words).Select(JsonNamingPolicy.CamelCase.ConvertName)),
        var text when text == typeof(string) => "text in quotes",
        var whole when whole == typeof(int) => "a whole number without quotes, at most 2147483647",
        var whole when whole == typeof(long) => "a whole number without quotes",
        var number when number == typeof(double) => "a number without quotes",
        var flag when flag == typeof(bool) => "true or false",
        var span when span == typeof(TimeSpan) => "a time in quotes, hours:minutes:seconds, such as \"00:15:00\", or with days before, \"2.00:00:00\"",
        var list when list == typeof(int[]) => "a list of whole numbers, such as [1, 2]",
        var list when list == typeof(double[]) => "a list of numbers, such as [0.5, 1]",
        { IsArray: true } => "a list in square brackets, without nulls",
        _ => "an object",
    };
}
