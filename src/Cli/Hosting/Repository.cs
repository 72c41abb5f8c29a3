using System.Diagnostics;

namespace LznPipeline.Cli.Hosting;

/// <summary>Where things lie in the tree that this program was built from.</summary>
public static class Repository
{
    private const string Mark = "LznPipeline.sln";

    public static string Root { get; } = Find(AppContext.BaseDirectory);

    /// <summary>Everything that local runs write; git ignores it.</summary>
    public static string State => Path.Combine(Root, ".lzn");

    public static string AzuriteFolder => Path.Combine(Root, "infra", "azurite");

    private static string Find(string from)
    {
        for (var folder = new DirectoryInfo(from); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Mark)))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"'{from}' is not inside a clone of LznPipeline: none of its parents holds {Mark}. Run ./lzn of a clone.");
    }
}

/// <summary>Another program of this repository, run in the foreground: it has this one's terminal and folder.</summary>
internal static class BuiltProgram
{
    /// <summary>Where the build puts it.</summary>
    internal static string PathOf(string project, string name) => Path.Combine(Repository.Root, project, "bin", "Release", "net10.0", name);

    /// <param name="project">Its folder below the root, such as <c>src/GpuJob</c>.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="CliException">It is not built.</exception>
    internal static async Task<int> RunAsync(string project, string name, IEnumerable<string> arguments, CancellationToken stop)
    {
        var program = PathOf(project, name);
        if (!File.Exists(program))
            throw new CliException($"There is no {program}. Start this command by ./lzn, which builds it.");
        using var process = Process.Start(new ProcessStartInfo(program, arguments)) ?? throw new CliException($"{program} did not start.");
        await process.WaitForExitAsync(stop);
        return process.ExitCode;
    }
}
