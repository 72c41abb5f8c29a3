using System.CommandLine;
using System.Diagnostics;
using LznPipeline.Cli.Hosting;

namespace LznPipeline.Cli.Commands;

/// <summary><c>lzn bench</c>: hands over to the program in benchmarks/.</summary>
internal static class BenchCommand
{
    internal static Command Create()
    {
        var name = new Argument<string?>("NAME") { Description = "The benchmark; without it, all are listed.", Arity = ArgumentArity.ZeroOrOne };
        var json = new Option<bool>("--json") { Description = "One line of JSON for each measure." };
        var command = new Command("bench", "Measure ours and its peers side by side.") { name, json };
        command.SetAction((parsed, stop) => RunAsync([.. new[] { parsed.GetValue(name), parsed.GetValue(json) ? "--json" : null }.OfType<string>()], stop));
        return command;
    }

    private static async Task<int> RunAsync(string[] arguments, CancellationToken stop)
    {
        var program = Path.Combine(Repository.Root, "benchmarks", "bin", "Release", "net10.0", "LznPipeline.Benchmarks");
        if (!File.Exists(program))
            throw new CliException($"The benchmarks are not built: there is no {program}. './lzn bench' builds them.");
        using var process = Process.Start(new ProcessStartInfo(program, arguments)) ?? throw new CliException($"{program} did not start.");
        await process.WaitForExitAsync(stop);
        return process.ExitCode;
    }
}
