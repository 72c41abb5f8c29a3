using System.Text.Json;
using System.Text.Json.Serialization;

namespace LznPipeline.GpuJob.Networks;

/// <summary>JSON as the published configurations write it: snake_case, and no field that the type does not know.</summary>
internal static class PublishedJson
{
    internal static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
    };
}

/// <summary>Reads and writes an enum as its name in snake_case; a message about another word lists the known ones.</summary>
internal sealed class WordConverter<T> : JsonConverter<T>
    where T : struct, Enum
{
    private static readonly Dictionary<string, T> Words = Enum.GetValues<T>().ToDictionary(WordOf);

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var given = reader.TokenType == JsonTokenType.String ? reader.GetString() ?? "" : reader.TokenType.ToString();
        return Words.TryGetValue(given, out var value) ? value : throw new JsonException($"one of {string.Join(", ", Words.Keys)}, not '{given}'");
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(WordOf(value));

    private static string WordOf(T value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
