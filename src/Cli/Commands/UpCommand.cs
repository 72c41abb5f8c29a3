using System.CommandLine;
using LznPipeline.Cli.Hosting;
using Spectre.Console;

namespace LznPipeline.Cli.Commands;

/// <summary><c>lzn up</c>: Azurite and the function host until Ctrl-C.</summary>
internal static class UpCommand
{
    internal static Command Create()
    {
        var port = Port("--port", "Port of the function host.");
        var blob = Port("--blob-port", "Port of Azurite's blob service.");
        var queue = Port("--queue-port", "Port of Azurite's queue service.");
        var table = Port("--table-port", "Port of Azurite's table service.");
        var state = new Option<string>("--state") { Description = "Folder of all state; two pipelines need two.", DefaultValueFactory = _ => Repository.State };
        var command = new Command("up", "Run storage (Azurite) and the function host until Ctrl-C.") { port, blob, queue, table, state };
        command.SetAction((parsed, stop) =>
        {
            int?[] given = [parsed.GetValue(blob), parsed.GetValue(queue), parsed.GetValue(table)];
            var ports = given.All(each => each is null) ? null : new AzuritePorts(given[0] ?? 0, given[1] ?? 0, given[2] ?? 0);
            return RunAsync(Path.GetFullPath(parsed.GetRequiredValue(state)), parsed.GetValue(port) ?? 0, ports, stop);
        });
        return command;
    }

    private static async Task<int> RunAsync(string state, int port, AzuritePorts? ports, CancellationToken stop)
    {
        await using var pipeline = await LocalPipeline.StartAsync(state, port, ports, Log, stop);
        var runs = new Uri(pipeline.Url, "api/runs");
        AnsiConsole.MarkupLineInterpolated($"[green]Ready.[/] Pipeline {pipeline.Url}  runs {runs}  blobs {pipeline.Blobs}  state {state}");
        AnsiConsole.WriteLine("Ctrl-C stops it: running jobs save a checkpoint, and go on at the next ./lzn up.");
        try
        {
            await Console.Error.WriteLineAsync(await pipeline.WaitAsync(stop));
            return 1;
        }
        catch (OperationCanceledException)
        {
            AnsiConsole.WriteLine("Stopping: first the host, then storage.");
            return 0;
        }
    }

    private static void Log(string source, string line) => AnsiConsole.MarkupLineInterpolated($"[grey]{source,-8}[/] {line}");

    private static Option<int?> Port(string name, string description)
    {
        var option = new Option<int?>(name) { Description = $"{description} Free if left out." };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is not (null or (>= 0 and <= 65535)))
                result.AddError($"{name} is {result.Tokens[0].Value}. Allowed: 0 to 65535; 0 takes a free port.");
        });
        return option;
    }
}
