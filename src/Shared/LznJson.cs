using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LznPipeline.Shared;

/// <summary>How every contract is written as JSON: camelCase, enums as words, and no field that the type does not know.</summary>
/// <remarks>
/// An unknown or missing field is an error, so that a misspelt setting never silently means the default. Nulls are therefore written: a record's nullable
/// parameter may be null, not absent.
/// </remarks>
public static class LznJson
{
    /// <summary>For blobs and messages: one line.</summary>
    public static JsonSerializerOptions Options { get; } = Create(indented: false);

    /// <summary>For files that people open.</summary>
    public static JsonSerializerOptions Readable { get; } = Create(indented: true);

    private static JsonSerializerOptions Create(bool indented)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            WriteIndented = indented,
            Encoder = indented ? JavaScriptEncoder.UnsafeRelaxedJsonEscaping : null,     // none of it is ever part of a page
            NumberHandling = JsonNumberHandling.Strict,
            PropertyNameCaseInsensitive = false,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            AllowOutOfOrderMetadataProperties = true,       // people may write the field that tells an object's kind anywhere in it
            ReadCommentHandling = JsonCommentHandling.Skip,
            AllowTrailingCommas = true,
            Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
