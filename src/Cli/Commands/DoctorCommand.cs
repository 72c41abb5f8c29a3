using System.CommandLine;
using LznPipeline.Cli.Health;
using Spectre.Console;

namespace LznPipeline.Cli.Commands;

/// <summary><c>lzn doctor</c>: what is there, what is missing, and how to get it.</summary>
internal static class DoctorCommand
{
    internal static Command Create()
    {
        var command = new Command("doctor", "Say what is there, what is missing, and how to get it.");
        command.SetAction((_, stop) => RunAsync(stop));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken stop)
    {
        var findings = await Examination.RunAsync(stop);
        foreach (var finding in findings)
        {
            var mark = finding.State switch { FindingState.Good => "[green]ok     [/]", FindingState.Optional => "[yellow]note   [/]", _ => "[red]missing[/]" };
            var advice = finding.Get is { } get ? $"  [bold]{Markup.Escape(get)}[/]" : "";
            AnsiConsole.MarkupLine($"{mark} {finding.Name,-16} {Markup.Escape(finding.Detail)}{advice}");
        }

        var missing = findings.Where(finding => finding.State is FindingState.Missing).Select(finding => finding.Name).ToList();
        AnsiConsole.WriteLine(missing.Count == 0 ? "Everything needed is there." : $"Missing: {string.Join(", ", missing)}.");
        return missing.Count == 0 ? 0 : 1;
    }
}
