using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace Parquet.Tests.Foreign;

/// <summary>Parquet implementations that are not ours, run by node: DuckDB reads and writes, hyparquet reads, hyparquet-writer writes.</summary>
internal static class OtherReaders
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly string Folder =
        typeof(OtherReaders).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "Readers").Value!;

    private static readonly Lazy<Task> Installed = new(InstallAsync);

    /// <summary>Rows of the last statement.</summary>
    internal static Task<JsonElement[]> DuckDbAsync(string sql) => RowsAsync(["duckdb.js"], sql);

    internal static Task<JsonElement[]> HyparquetAsync(string file) => RowsAsync(["read.js", file], "");

    internal static Task HyparquetWriteAsync(object description) => RowsAsync(["write.js"], JsonSerializer.Serialize(description));

    private static async Task<JsonElement[]> RowsAsync(string[] arguments, string input)
    {
        await Installed.Value;
        var output = await RunAsync("node", arguments, input);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    /// <summary>Installs once, also when several test processes start together.</summary>
    private static async Task InstallAsync()
    {
        var mark = Path.Combine(Folder, "node_modules", ".package-lock.json");
        var deadline = Stopwatch.StartNew();
        while (!File.Exists(mark))
        {
            try
            {
                using var held = new FileStream(Path.Combine(Path.GetTempPath(), "lzn-parquet-readers.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                if (!File.Exists(mark)) await RunAsync("npm", ["ci", "--no-audit", "--no-fund"], "");
            }
            catch (IOException) when (deadline.Elapsed < Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200));   // another process holds the lock and installs
            }
        }
    }

    private static async Task<string> RunAsync(string program, string[] arguments, string input)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Folder, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Start(start);
        using var patience = new CancellationTokenSource(Patience);
        var output = process.StandardOutput.ReadToEndAsync(patience.Token);
        var errors = process.StandardError.ReadToEndAsync(patience.Token);
        await process.StandardInput.WriteAsync(input.AsMemory(), patience.Token);
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException error)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} ran longer than {Patience}.", error);
        }
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await errors}");
        return await output;
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new InvalidOperationException($"'{start.FileName}' does not start ({error.Message}). These tests read files with other implementations, which run on Node.js 20 or newer: install nodejs and npm.", error);
        }
    }
}
