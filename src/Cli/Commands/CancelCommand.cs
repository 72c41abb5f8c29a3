using System.CommandLine;
using LznPipeline.Cli.Api;

namespace LznPipeline.Cli.Commands;

/// <summary><c>lzn cancel RUN</c>.</summary>
internal static class CancelCommand
{
    internal static Command Create()
    {
        var place = new Place();
        var run = new Argument<string>("RUN") { Description = "As './lzn runs' lists it." };
        var command = new Command("cancel", "Cancel a run and the jobs it has started.") { run, place.Url };
        command.SetAction(async (parsed, stop) =>
        {
            using var client = place.Client(parsed);
            await client.CancelAsync(parsed.GetRequiredValue(run), stop);
            Console.WriteLine($"{parsed.GetRequiredValue(run)} is being cancelled.");
        });
        return command;
    }
}
