using System.Text.Json;

namespace LznPipeline.LocalHost.Settings;

/// <summary>The output folder of a functions app: which assembly is the worker, what host.json and local.settings.json say.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="WorkerAssembly">The app's program, from worker.config.json.</param>
/// <param name="HostJson">host.json, flattened below <c>AzureFunctionsJobHost:</c>, where Azure's host has it and the environment may override it.</param>
/// <param name="LocalValues">The <c>Values</c> of local.settings.json; <c>__</c> in a name stands for <c>:</c>.</param>
internal sealed record AppFolder(string Path, string WorkerAssembly, IReadOnlyDictionary<string, string?> HostJson, IReadOnlyDictionary<string, string?> LocalValues)
{
    internal const string HostSection = "AzureFunctionsJobHost";

    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The name of the app, which hosts that share a storage account tell it by.</summary>
    internal string Name => System.IO.Path.GetFileNameWithoutExtension(WorkerAssembly);

    /// <summary>What the worker finds in its environment beside this process's own. A variable that is set wins over local.settings.json.</summary>
    internal IEnumerable<KeyValuePair<string, string?>> WorkerEnvironment =>
    [
        .. LocalValues.Where(value => Environment.GetEnvironmentVariable(value.Key) is null),
        new("FUNCTIONS_APPLICATION_DIRECTORY", Path), new("FUNCTIONS_WORKER_DIRECTORY", Path), new("FUNCTIONS_WORKER_RUNTIME", "dotnet-isolated"),
    ];

    /// <exception cref="HostStartException">There is no isolated-worker app in the folder, or a file of it cannot be read.</exception>
    internal static AppFolder Read(string folder)
    {
        var path = System.IO.Path.GetFullPath(folder);
        var worker = Parse(path, "worker.config.json")
            ?? throw new HostStartException($"'{path}' holds no worker.config.json, so it is not the output of a .NET isolated-worker app. Build the app, and name its output folder.");
        using (worker)
        {
            var assembly = Text(worker.RootElement, "description", "defaultWorkerPath")
                ?? throw new HostStartException($"{path}/worker.config.json names no worker (description.defaultWorkerPath). Build the app again.");
            using var host = Parse(path, "host.json");
            using var local = Parse(path, "local.settings.json");
            return new AppFolder(path, assembly, Flatten(HostSection, host?.RootElement), Values(local?.RootElement, path));
        }
    }

    /// <summary>A setting that is needed before there is a configuration: the environment's, else that of local.settings.json.</summary>
    internal string? Setting(string name) => Environment.GetEnvironmentVariable(name) ?? LocalValues.GetValueOrDefault(name);

    private static string? Text(JsonElement root, string section, string name) =>
        root.ValueKind is JsonValueKind.Object && root.TryGetProperty(section, out var members) && members.ValueKind is JsonValueKind.Object && members.TryGetProperty(name, out var member)
            ? member.GetString() : null;

    private static JsonDocument? Parse(string folder, string name)
    {
        var file = System.IO.Path.Combine(folder, name);
        try
        {
            return File.Exists(file) ? JsonDocument.Parse(File.ReadAllText(file), Lenient) : null;
        }
        catch (JsonException wrong)
        {
            throw new HostStartException($"{file} is not valid JSON: {wrong.Message}", wrong);
        }
    }

    private static Dictionary<string, string?> Values(JsonElement? local, string folder)
    {
        if (local is not { ValueKind: JsonValueKind.Object } root)
            return [];
        if (root.TryGetProperty("IsEncrypted", out var encrypted) && encrypted.ValueKind is JsonValueKind.True)
            throw new HostStartException($"{folder}/local.settings.json: IsEncrypted is true, and only plain settings can be read. Set it to false and enter the values in plain text.");
        return root.TryGetProperty("Values", out var values) ? Flatten(string.Empty, values) : [];
    }

    private static Dictionary<string, string?> Flatten(string prefix, JsonElement? element)
    {
        var flat = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (element is { } root)
            Add(prefix, root);
        return flat;

        void Add(string name, JsonElement value)
        {
            switch (value.ValueKind)
            {
                case JsonValueKind.Object:
                    foreach (var member in value.EnumerateObject())
                        Add(name.Length == 0 ? member.Name : $"{name}:{member.Name}", member.Value);
                    break;
                case JsonValueKind.Array:
                    foreach (var (index, item) in value.EnumerateArray().Index())
                        Add($"{name}:{index}", item);
                    break;
                default:
                    flat[name] = value.ValueKind is JsonValueKind.Null ? null : value.ToString();
                    break;
            }
        }
    }
}
