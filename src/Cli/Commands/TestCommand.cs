using System.CommandLine;
using System.Diagnostics;
using LznPipeline.Cli.Hosting;
using LznPipeline.Cli.TestRuns;
using Spectre.Console;

namespace LznPipeline.Cli.Commands;

/// <summary><c>lzn test</c>: all test projects, coverage if asked for, and one closing line.</summary>
internal static class TestCommand
{
    internal static Command Create()
    {
        var filter = new Option<string?>("--filter") { Description = "Which tests, as 'dotnet test --filter' takes it, such as FullyQualifiedName~Flow." };
        var parallel = new Option<int>("--parallel")
        {
            Description = "Test projects at a time.",
            DefaultValueFactory = _ => 3,      // those of workflows wait for one another's processes more than they compute
        };
        var coverage = new Option<bool>("--coverage") { Description = "Count which lines of src/ the tests reach. Takes about a quarter longer." };
        var command = new Command("test", "Run all tests.") { filter, parallel, coverage };
        command.SetAction((parsed, stop) =>
            RunAsync(parsed.GetValue(filter), Math.Max(1, parsed.GetValue(parallel)), parsed.GetValue(coverage), stop));
        return command;
    }

    private static async Task<int> RunAsync(string? filter, int parallel, bool coverage, CancellationToken stop)
    {
        var begin = Stopwatch.GetTimestamp();
        var results = Path.Combine(Repository.State, "test-results");
        if (Directory.Exists(results))
            Directory.Delete(results, recursive: true);

        var outcomes = new List<TestOutcome>();
        await Parallel.ForEachAsync(
            TestProject.Below(Path.Combine(Repository.Root, "tests")),
            new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = stop },
            async (project, cancelled) =>
            {
                var outcome = await project.RunAsync(filter, coverage, Path.Combine(results, project.Name), cancelled);
                lock (outcomes)
                {
                    outcomes.Add(outcome);
                    Report(outcome);
                }
            });

        ReportCoverage(results);
        var none = outcomes.All(outcome => outcome.Count == 0);
        if (filter is not null && none)
            await Console.Error.WriteLineAsync($"No test matches --filter '{filter}'.");
        AnsiConsole.MarkupLineInterpolated($"[grey]{Stopwatch.GetElapsedTime(begin):m\\:ss} min; details in {results}[/]");
        Console.WriteLine(TestOutcome.Sum(outcomes));
        return none || outcomes.Exists(outcome => outcome.Failures.Count > 0) ? 1 : 0;
    }

    private static void Report(TestOutcome outcome)
    {
        if (outcome.Count == 0)
            return;     // the filter chose none of them
        var mark = outcome.Failures.Count > 0 ? "[red]failed[/]" : "[green]passed[/]";
        var counts = $"{outcome.Passed,5} passed, {outcome.Failures.Count} failed, {outcome.Skipped} skipped";
        AnsiConsole.MarkupLine($"{mark} {outcome.Project,-44} {counts}  {outcome.Time.TotalSeconds,6:F1} s");
        foreach (var failure in outcome.Failures)
            AnsiConsole.MarkupLineInterpolated(
                $"  [red]{failure.Test}[/]{Environment.NewLine}{failure.Message}{Environment.NewLine}[grey]{failure.Details}[/]");
    }

    private static void ReportCoverage(string results)
    {
        var coverage = new Coverage();
        if (Directory.Exists(results))
            coverage.Add(results);
        if (coverage.Lines == 0)
            return;
        foreach (var (folder, covered, lines) in coverage.ByFolder())
            AnsiConsole.MarkupLineInterpolated($"[grey]{folder,-44} {100.0 * covered / lines,5:F1} % of {lines} lines[/]");
        AnsiConsole.WriteLine($"Line coverage of src/: {100.0 * coverage.Covered / coverage.Lines:F1} % ({coverage.Covered} of {coverage.Lines} lines)");
    }
}
