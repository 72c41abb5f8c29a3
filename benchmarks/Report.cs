using System.Text.Json;
using Spectre.Console;

namespace LznPipeline.Benchmarks;

/// <summary>Shows measures: a table for people, or one line of JSON each for programs.</summary>
internal static class Report
{
    internal static async Task WriteTableAsync(IBenchmark benchmark, CancellationToken stop)
    {
        AnsiConsole.MarkupLineInterpolated($"[bold]{benchmark.Name}[/]  {benchmark.Summary}");
        var table = new Table().Border(TableBorder.Rounded).AddColumns("measure", "ours", "unit", "peer", "theirs", "ratio");
        foreach (var column in new[] { 1, 4, 5 })
            table.Columns[column].RightAligned();
        await foreach (var measure in benchmark.RunAsync(stop))
        {
            table.AddRow(
                Markup.Escape(measure.Name), Figure(measure.Value), Markup.Escape(measure.Unit),
                Markup.Escape(measure.Peer ?? ""), Figure(measure.PeerValue), Figure(measure.Ratio));
        }

        AnsiConsole.Write(table);
    }

    internal static async Task WriteJsonAsync(IBenchmark benchmark, CancellationToken stop)
    {
        await foreach (var measure in benchmark.RunAsync(stop))
            Console.WriteLine(JsonSerializer.Serialize(measure, JsonSerializerOptions.Web));
    }

    private static string Figure(double? value) => value is null ? "" : $"{value:G4}";
}
