using System.Diagnostics;

namespace LznPipeline.Cli.Hosting;

/// <summary>Puts Azurite's packages in place, once, also when several processes want them at the same time.</summary>
internal static class AzuriteInstall
{
    internal static string Script { get; } = Path.Combine(Repository.AzuriteFolder, "node_modules", "azurite", "dist", "src", "azurite.js");

    // npm writes this file last, so a folder with it is whole.
    private static readonly string Stamp = Path.Combine(Repository.AzuriteFolder, "node_modules", ".package-lock.json");

    internal static bool IsThere => File.Exists(Stamp) && File.Exists(Script);

    internal static async Task EnsureAsync(CancellationToken stop)
    {
        if (IsThere)
            return;
        await using var locked = await LockFile.TakeAsync(Path.Combine(Repository.State, "npm.lock"), stop);
        if (IsThere)
            return;

        var start = new ProcessStartInfo("npm", ["ci", "--no-progress"])
        {
            WorkingDirectory = Repository.AzuriteFolder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var npm = Process.Start(start) ?? throw new InvalidOperationException("npm did not start.");
        var output = npm.StandardOutput.ReadToEndAsync(stop);
        var errors = npm.StandardError.ReadToEndAsync(stop);
        await npm.WaitForExitAsync(stop);
        if (npm.ExitCode != 0)
            throw new InvalidOperationException($"'npm ci' in {Repository.AzuriteFolder} ended with {npm.ExitCode}: {await output}{await errors}");
    }
}
