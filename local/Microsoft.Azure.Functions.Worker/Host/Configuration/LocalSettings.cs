using System.Globalization;
using System.Text.Json;

namespace Lzn.Functions.Configuration;

/// <summary>local.settings.json: settings for a developer's machine, never deployed.</summary>
/// <param name="Values">App settings, below environment variables; <c>__</c> in a name stands for <c>:</c> as it does there.</param>
/// <param name="LocalHttpPort">Port to listen on when nothing else names one.</param>
internal sealed record LocalSettings(IReadOnlyDictionary<string, string?> Values, int? LocalHttpPort)
{
    public const string FileName = "local.settings.json";

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    public static LocalSettings Load(string contentRoot) =>
        AppFiles.Find(contentRoot, FileName) is { } path ? Parse(path, File.ReadAllText(path)) : new(new Dictionary<string, string?>(), null);

    /// <exception cref="FunctionsStartException">The file is not JSON, is encrypted, or a part has the wrong shape.</exception>
    internal static LocalSettings Parse(string path, string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Lenient);
            var root = document.RootElement;
            if (Member(root, "IsEncrypted") is { ValueKind: JsonValueKind.True })
                throw new FunctionsStartException($"{path}: IsEncrypted is true, and only plain settings can be read. Set it to false and enter the values in plain text.");

            var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
            foreach (var value in Members(root, "Values", path))
                values[value.Name.Replace("__", ":", StringComparison.Ordinal)] = Text(value, path);
            foreach (var value in Members(root, "ConnectionStrings", path))
                values["ConnectionStrings:" + value.Name] = Text(value, path);
            return new(values, Port(root, path));
        }
        catch (JsonException exception)
        {
            throw new FunctionsStartException($"{path} is not valid JSON: {exception.Message}", exception);
        }
    }

    private static int? Port(JsonElement root, string path)
    {
        if (Member(root, "Host") is not { ValueKind: JsonValueKind.Object } host || Member(host, "LocalHttpPort") is not { } port)
            return null;
        return port.ValueKind == JsonValueKind.Number && port.TryGetInt32(out var number) && number is >= 0 and <= 65535
            ? number
            : throw new FunctionsStartException($"{path}: Host.LocalHttpPort is {port}. Allowed: a number from 0 to 65535; 0 takes a free port.");
    }

    private static string? Text(JsonProperty value, string path) => value.Value.ValueKind switch
    {
        JsonValueKind.String => value.Value.GetString(),
        JsonValueKind.Null => null,
        JsonValueKind.True or JsonValueKind.False or JsonValueKind.Number => value.Value.GetRawText().ToString(CultureInfo.InvariantCulture),
        _ => throw new FunctionsStartException($"{path}: setting '{value.Name}' is {value.Value.ValueKind}. Allowed: text; write nested names as 'Parent__Child'."),
    };

    private static JsonElement.ObjectEnumerator Members(JsonElement root, string name, string path) => Member(root, name) switch
    {
        null or { ValueKind: JsonValueKind.Null } => default,
        { ValueKind: JsonValueKind.Object } map => map.EnumerateObject(),
        { } other => throw new FunctionsStartException($"{path}: '{name}' is {other.ValueKind}. Allowed: an object of names and texts."),
    };

    private static JsonElement? Member(JsonElement parent, string name)
    {
        if (parent.ValueKind != JsonValueKind.Object)
            return null;
        foreach (var member in parent.EnumerateObject().Where(member => string.Equals(member.Name, name, StringComparison.OrdinalIgnoreCase)))
            return member.Value;
        return null;
    }
}
