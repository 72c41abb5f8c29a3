using System.CommandLine;
using LznPipeline.Cli.Api;
using LznPipeline.Shared.Runs;
using LznPipeline.Shared.Storage;
using Spectre.Console;

namespace LznPipeline.Cli.Commands;

/// <summary><c>lzn explain RUN</c>: step by step, what was reused and why.</summary>
internal static class ExplainCommand
{
    internal static Command Create()
    {
        var place = new Place();
        var run = new Argument<string>("RUN") { Description = "As './lzn runs' lists it." };
        var command = new Command("explain", "Say step by step what was made, what was reused, and why.") { run, place.Storage };
        command.SetAction(async (parsed, stop) =>
        {
            var store = await place.StoreAsync(parsed, stop);
            var name = parsed.GetRequiredValue(run);
            var any = false;
            foreach (var step in RunSteps.All)
            {
                if (await store.FindJsonAsync<StepLineage>(BlobLayout.Lineage(name, step), stop) is not { } lineage)
                    continue;
                any = true;
                Write(lineage);
            }

            if (!any)
                throw new CliException($"Run '{name}' has recorded nothing yet, or there is no such run. './lzn runs' lists them.");
        });
        return command;
    }

    private static void Write(StepLineage lineage)
    {
        var word = lineage.Reused ? "[green]reused[/]" : "[yellow]made  [/]";
        AnsiConsole.MarkupLine($"{lineage.Step,-9} {word} {Markup.Escape(lineage.Output)}");
        AnsiConsole.MarkupLineInterpolated($"          {lineage.Why}");
        foreach (var (name, value) in lineage.MadeFrom)
            AnsiConsole.MarkupLineInterpolated($"          [grey]{name} = {value}[/]");
    }
}
