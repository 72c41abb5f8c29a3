using System.CommandLine;
using LznPipeline.Cli.Api;
using Spectre.Console;

namespace LznPipeline.Cli.Commands;

/// <summary><c>lzn runs</c>: all runs, newest first.</summary>
internal static class RunsCommand
{
    internal static Command Create()
    {
        var place = new Place();
        var command = new Command("runs", "List all runs.") { place.Url };
        command.SetAction(async (parsed, stop) =>
        {
            using var client = place.Client(parsed);
            var table = new Table().Border(TableBorder.None).AddColumns("run", "status", "stage", "created", "updated");
            foreach (var run in (await client.RunsAsync(stop)).OrderByDescending(run => run.CreatedAt))
                table.AddRow(Markup.Escape(run.RunId), run.Status, run.Stage ?? "", $"{run.CreatedAt.ToLocalTime():g}", $"{run.UpdatedAt.ToLocalTime():g}");
            AnsiConsole.Write(table);
        });
        return command;
    }
}
