using System.CommandLine;
using LznPipeline.Cli;
using LznPipeline.Cli.Commands;
using LznPipeline.Shared.Options;
using Spectre.Console;

var verbose = new Option<bool>("--verbose") { Description = "Show stack traces.", Recursive = true };
var root = new RootCommand("Trains Latent Zoning Networks and publishes image embeddings, all of it on this machine.")
{
    DemoCommand.Create(), UpCommand.Create(), TrainCommand.Create(), RunsCommand.Create(), StatusCommand.Create(), LogsCommand.Create(),
    ExplainCommand.Create(), CancelCommand.Create(), ShowCommand.Create(), DoctorCommand.Create(), TestCommand.Create(), BenchCommand.Create(), verbose,
};
foreach (var command in GpuCommands.Create())
    root.Subcommands.Add(command);

if (Console.IsOutputRedirected)
    AnsiConsole.Console = PlainConsole.Create();
var parsed = root.Parse(args);
try
{
    // Stopping the pipeline lets jobs save checkpoints, which takes longer than the default of two seconds.
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(2) });
}
catch (OperationCanceledException) when (!parsed.GetValue(verbose))
{
    await Console.Error.WriteLineAsync("Stopped.");
    return 130;
}
catch (Exception failed)
{
    var isKnown = failed is CliException or OptionsException or IOException or InvalidDataException or InvalidOperationException;
    await Console.Error.WriteLineAsync(parsed.GetValue(verbose) || !isKnown ? failed.ToString() : failed.Message);
    return failed is OptionsException ? 64 : 1;
}
