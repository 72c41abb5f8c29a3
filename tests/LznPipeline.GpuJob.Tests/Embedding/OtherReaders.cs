using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace LznPipeline.GpuJob.Tests.Embedding;

/// <summary>Parquet implementations that have nothing in common with the writer, run by Node.js: DuckDB and hyparquet.</summary>
internal static class OtherReaders
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // set in the project file
    private static readonly string Folder =
        typeof(OtherReaders).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "Readers").Value!;

    private static readonly Lazy<Task> Installed = new(InstallAsync);

    /// <summary>Rows of the last statement, as readers/json.js writes values.</summary>
    internal static Task<JsonElement[]> DuckDbAsync(string sql) => RowsAsync(["duckdb.js"], sql);

    internal static Task<JsonElement[]> HyparquetAsync(string file) => RowsAsync(["read.js", file], "");

    private static async Task<JsonElement[]> RowsAsync(string[] arguments, string input)
    {
        await Installed.Value;
        var output = await RunAsync("node", arguments, input);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line))];
    }

    private static async Task InstallAsync()
    {
        if (!File.Exists(Path.Combine(Folder, "node_modules", ".package-lock.json")))
            await RunAsync("npm", ["ci", "--no-audit", "--no-fund"], "");
    }

    private static async Task<string> RunAsync(string program, string[] arguments, string input)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true
        };
        using var process = Process.Start(start)!;      // throws where it does not start
        using var patience = new CancellationTokenSource(Patience);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), patience.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException late)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} ran longer than {Patience}.", late);
        }

        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}");
        return await output;
    }
}
