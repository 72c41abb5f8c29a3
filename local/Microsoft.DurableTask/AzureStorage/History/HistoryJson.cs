using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lzn.Durable.History;

/// <summary>How histories, instance records and messages are written: compact JSON, enums as names, nothing for null.</summary>
internal static class HistoryJson
{
    public static JsonSerializerOptions Options { get; } = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // payloads are JSON in JSON; \u0022 would triple them
        Converters = { new JsonStringEnumConverter(), new ExtraProperties() },
    };

    public static byte[] ToBytes<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    public static T FromBytes<T>(ReadOnlySpan<byte> json, string where) =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new InvalidDataException($"{where} holds null where a {typeof(T).Name} is expected.");

    /// <summary>Failure properties come back as what they were when they are text, numbers or booleans, and as JSON text otherwise.</summary>
    private sealed class ExtraProperties : JsonConverter<object>
    {
        public override object? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => reader.TryGetInt64(out var whole) ? whole : reader.GetDouble(),
            JsonTokenType.True => true,
            JsonTokenType.False => false,
            JsonTokenType.Null => null,
            _ => JsonElement.ParseValue(ref reader).GetRawText(),
        };

        public override void Write(Utf8JsonWriter writer, object value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value, value.GetType() == typeof(object) ? typeof(string) : value.GetType(), options);
    }
}
