using Microsoft.Extensions.Configuration;

namespace LznPipeline.LocalHost.Settings;

/// <summary>The output folder of a functions app: which assembly is the worker, what host.json and local.settings.json say.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="WorkerAssembly">The app's program, from worker.config.json.</param>
/// <param name="HostJson">host.json, flattened below <c>AzureFunctionsJobHost:</c>, where Azure's host has it and the environment may override it.</param>
/// <param name="LocalValues">The <c>Values</c> of local.settings.json; <c>__</c> in a name stands for <c>:</c>.</param>
internal sealed record AppFolder(
    string Path, string WorkerAssembly, IReadOnlyDictionary<string, string?> HostJson, IReadOnlyDictionary<string, string?> LocalValues)
{
    internal const string HostSection = "AzureFunctionsJobHost";

    private const string WorkerConfig = "worker.config.json";

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
        if (!File.Exists(System.IO.Path.Combine(path, WorkerConfig)))
            throw new HostStartException(
                $"'{path}' holds no {WorkerConfig}, so it is not the output of a .NET isolated-worker app. Build the app, and name its output folder.");
        var assembly = Json(path, WorkerConfig)["description:defaultWorkerPath"]
            ?? throw new HostStartException($"{path}/{WorkerConfig} names no worker (description.defaultWorkerPath). Build the app again.");
        var local = Json(path, "local.settings.json");
        if (local["IsEncrypted"] is "True")
            throw new HostStartException(
                $"{path}/local.settings.json: IsEncrypted is true, and only plain settings can be read. Set it to false and enter the values in plain text.");
        return new AppFolder(path, assembly, Flat(Json(path, "host.json"), $"{HostSection}:"), Flat(local.GetSection("Values"), string.Empty));
    }

    /// <summary>A setting that is needed before there is a configuration: the environment's, else that of local.settings.json.</summary>
    internal string? Setting(string name) => Environment.GetEnvironmentVariable(name) ?? LocalValues.GetValueOrDefault(name);

    private static IConfigurationRoot Json(string folder, string name)
    {
        var file = System.IO.Path.Combine(folder, name);
        try
        {
            return new ConfigurationBuilder().AddJsonFile(file, optional: true).Build();
        }
        catch (InvalidDataException wrong)
        {
            throw new HostStartException($"{file} is not valid JSON: {wrong.GetBaseException().Message}", wrong);
        }
    }

    private static Dictionary<string, string?> Flat(IConfiguration settings, string prefix) =>
        settings.AsEnumerable(makePathsRelative: true).Where(each => each.Value is not null)
            .ToDictionary(each => prefix + each.Key, each => each.Value, StringComparer.OrdinalIgnoreCase);
}
