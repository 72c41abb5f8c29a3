using System.Text.Json;
using System.Text.Json.Serialization;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Recipes;

namespace LznPipeline.GpuJob.Networks.Common;

/// <summary>JSON as the published configurations write it: snake_case, and no field that the type does not know.</summary>
internal static class PublishedJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        Converters =
        {
            new WordConverter<ResblockType>(),
            new WordConverter<Progressive>(),
            new WordConverter<ProgressiveInput>(),
            new WordConverter<EmbeddingType>()
        },
    };

    /// <param name="section">What the text describes, for the error.</param>
    /// <exception cref="OptionsException">A field is unknown, missing or of another type.</exception>
    internal static T Read<T>(string json, string section)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException("null");
        }
        catch (JsonException wrong)
        {
            throw new OptionsException([new Problem($"{section}{wrong.Path?.TrimStart('$')}", "not readable", wrong.Message)]);
        }
    }

    /// <summary>Reads and writes an enum as its name in snake_case; a message about another word lists the known ones.</summary>
    private sealed class WordConverter<T> : JsonConverter<T>
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
}
