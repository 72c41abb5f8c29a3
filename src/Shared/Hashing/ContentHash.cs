using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LznPipeline.Shared.Hashing;

/// <summary>Names for content: the same content has the same name, on every machine and in every version of a serializer.</summary>
public static class ContentHash
{
    /// <summary>Characters of a version: 64 bits, enough to tell millions of versions of one name apart.</summary>
    private const int VersionLength = 16;

    /// <summary>SHA-256 as 64 lower-case hexadecimal digits.</summary>
    public static string Sha256(ReadOnlySpan<byte> content) => Convert.ToHexStringLower(SHA256.HashData(content));

    /// <summary>SHA-256 of the rest of a stream.</summary>
    public static async Task<string> Sha256Async(Stream content, CancellationToken stop) =>
        Convert.ToHexStringLower(await SHA256.HashDataAsync(content, stop));

    /// <summary>The version of something made from <paramref name="ingredients"/>: 16 hexadecimal digits of the SHA-256 of its canonical JSON.</summary>
    /// <remarks>Canonical: properties sorted by ordinal name, no white space, nulls left out. Field order in source code does not change a version.</remarks>
    public static string Version<T>(T ingredients) => Sha256(Canonical(ingredients))[..VersionLength];

    private static ReadOnlySpan<byte> Canonical<T>(T value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
            Write(writer, JsonSerializer.SerializeToNode(value, LznJson.Options));
        return buffer.WrittenSpan;
    }

    private static void Write(Utf8JsonWriter writer, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject obj:
                writer.WriteStartObject();
                foreach (var (name, value) in obj.Where(member => member.Value is not null).OrderBy(member => member.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(name);
                    Write(writer, value);
                }

                writer.WriteEndObject();
                break;
            case JsonArray array:
                writer.WriteStartArray();
                foreach (var item in array)
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            case null:
                writer.WriteNullValue();
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }
}
