using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lzn.Durable.History;

/// <summary>A serialized input, output or event: the text itself, or for a long one the name of the blob beside the history that holds it.</summary>
/// <param name="Text">Null while only <paramref name="Blob"/> is known.</param>
[JsonConverter(typeof(Converter))]
public sealed record Payload(string? Text, string? Blob = null)
{
    public static Payload? Of(string? text) => text is null ? null : new Payload(text);

    /// <summary>A string stands for the text, an object {"blob": name} for a reference.</summary>
    private sealed class Converter : JsonConverter<Payload>
    {
        public override Payload Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.String)
                return new Payload(reader.GetString());
            using var reference = JsonDocument.ParseValue(ref reader);
            return new Payload(null, reference.RootElement.GetProperty("blob").GetString());
        }

        public override void Write(Utf8JsonWriter writer, Payload value, JsonSerializerOptions options)
        {
            if (value.Blob is null)
            {
                writer.WriteStringValue(value.Text);
                return;
            }

            writer.WriteStartObject();
            writer.WriteString("blob", value.Blob);
            writer.WriteEndObject();
        }
    }
}
