using System.CommandLine;
using System.Text.Json;
using LznPipeline.Cli.Api;
using LznPipeline.Shared;
using Spectre.Console;

namespace LznPipeline.Cli.Commands;

/// <summary><c>lzn status RUN</c>: the steps of a run, its result or its failure.</summary>
internal static class StatusCommand
{
    internal static Command Create()
    {
        var place = new Place();
        var run = new Argument<string>("RUN") { Description = "As './lzn runs' lists it." };
        var follow = new Option<bool>("--follow") { Description = "Go on until the run ends." };
        var json = new Option<bool>("--json") { Description = "Write the pipeline's own answer." };
        var command = new Command("status", "Show the steps of a run.") { run, follow, json, place.Url };
        command.SetAction(async (parsed, stop) =>
        {
            using var client = place.Client(parsed);
            var name = parsed.GetRequiredValue(run);
            var seen = parsed.GetValue(follow) ? await RunFollower.FollowAsync(client, name, stop) : await client.RunAsync(name, stop);
            if (parsed.GetValue(json))
                Console.WriteLine(JsonSerializer.Serialize(seen, LznJson.Readable));
            else
                AnsiConsole.Write(RunView.Table(seen));
            if (seen.Failure is { } failure)
                await Console.Error.WriteLineAsync(failure);
            return seen.Status is "Failed" or "Terminated" ? 1 : 0;
        });
        return command;
    }
}
