using System.Diagnostics;

namespace LznPipeline.Cli.TestRuns;

/// <summary>A test project, and one run of it.</summary>
/// <param name="Path">Its .csproj.</param>
internal sealed record TestProject(string Path)
{
    // A test that is still running after this long is hanging, on a busy machine too; the test host is then stopped and the test named.
    // Nightly forms take their time.
    private static readonly string HangLimit = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("LZN_NIGHTLY")) ? "20m" : "90m";

    internal string Name { get; } = System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>
    /// All projects below a folder: that of whole runs first, which is short and takes long, then those that hold most.
    /// What begins last should not keep everybody waiting.
    /// </summary>
    internal static IReadOnlyList<TestProject> Below(string folder) =>
        [.. Directory.GetFiles(folder, "*.Tests.csproj", SearchOption.AllDirectories)
            .OrderByDescending(path => path.EndsWith(".EndToEnd.Tests.csproj", StringComparison.Ordinal))
            .ThenByDescending(LengthOfSources)
            .ThenBy(path => path, StringComparer.Ordinal)
            .Select(path => new TestProject(path))];

    /// <summary>Runs its tests.</summary>
    /// <param name="filter">As <c>dotnet test --filter</c> takes it; null runs all.</param>
    /// <param name="coverage">Whether reached lines are counted.</param>
    /// <param name="results">Folder for its TRX file and coverage, empty or not there yet.</param>
    internal async Task<TestOutcome> RunAsync(string? filter, bool coverage, string results, CancellationToken stop)
    {
        var begin = Stopwatch.GetTimestamp();
        string[] chosen = filter is null ? [] : ["--filter", filter];
        string[] counted = coverage ? ["--collect", "XPlat Code Coverage"] : [];
        var start = new ProcessStartInfo("dotnet", [
            "test", Path, "-c", "Release", "--no-build", "--nologo", .. chosen, .. counted,
            "--results-directory", results, "--logger", "trx;LogFileName=results.trx", "--blame-hang-timeout", HangLimit, "--blame-hang-dump-type", "none",
        ])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Tests compute with small tensors, several at a time: threads of theirs would wait for one another more than they compute.
        start.Environment.TryAdd("OMP_NUM_THREADS", "1");
        // A collection while a thread is between TorchSharp and native code may free a number that it passes ("Unknown scalar type"). On a machine as busy as
        // with tests that happens now and then; 1 GiB between collections, in hexadecimal bytes, leaves hardly any.
        start.Environment.TryAdd("DOTNET_GCgen0size", "0x40000000");
        // Programs that tests start live for seconds: what the compiler learns of them would pay off later.
        start.Environment.TryAdd("DOTNET_TieredPGO", "0");
        using var process = Process.Start(start) ?? throw new CliException("dotnet did not start.");
        await using var killed = stop.Register(() => process.Kill(entireProcessTree: true));
        var output = await Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(CancellationToken.None),
            process.StandardError.ReadToEndAsync(CancellationToken.None));
        await process.WaitForExitAsync(CancellationToken.None);
        stop.ThrowIfCancellationRequested();
        return TestOutcome.Read(Name, System.IO.Path.Combine(results, "results.trx"), process.ExitCode, string.Concat(output), Stopwatch.GetElapsedTime(begin));
    }

    private static long LengthOfSources(string project)
    {
        var folder = System.IO.Path.GetDirectoryName(project)!;     // a file has one
        return Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => System.IO.Path.GetRelativePath(folder, file).Split(System.IO.Path.DirectorySeparatorChar)[0] is not ("bin" or "obj"))
            .Sum(file => new FileInfo(file).Length);
    }
}
