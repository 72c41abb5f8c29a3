using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Runs;
using Spectre.Console;

namespace LznPipeline.Cli.Api;

/// <summary>A run's steps for people: what each does, how far it is, how long it will take.</summary>
internal static class RunView
{
    private const int BarWidth = 24;

    internal static bool IsOver(RunSummary run) => run.Status is not ("Pending" or "Running" or "Suspended" or "ContinuedAsNew");

    /// <summary>A table of all steps; those to come are grey.</summary>
    internal static Table Table(RunDetail run)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumns("step", "state", "progress", "figures");
        table.Title = new TableTitle($"{Markup.Escape(run.RunId)}  {run.Status}", Style.Plain);
        var lines = Lines(run).ToDictionary(line => line.Name);
        foreach (var name in RunSteps.All)
        {
            if (lines.GetValueOrDefault(name) is { } line)
                table.AddRow(name, Coloured(line.State), Bar(line.Progress), Markup.Escape(Figures(line.Progress)));
            else
                table.AddRow(WithoutJob(run, name));
        }

        return table;
    }

    /// <summary>A step that is no job takes a moment: the run is past it, at it, or not there yet.</summary>
    private static string[] WithoutJob(RunDetail run, string name)
    {
        var (place, stage) = (RunSteps.All.ToList().IndexOf(name), RunSteps.All.ToList().IndexOf(run.Stage ?? ""));
        var state = place < stage || run.Status == "Completed" ? "done" : place == stage ? run.Status.ToLowerInvariant() : "";
        return state.Length > 0 ? [name, Coloured(state), "", ""] : [$"[grey]{name}[/]", "", "", ""];
    }

    /// <summary>One line for a log: the step the run is at.</summary>
    internal static string Line(RunDetail run)
    {
        var line = Lines(run).LastOrDefault(line => line.Progress is not null && line.State is not "done") ?? Lines(run).LastOrDefault();
        if (line is null || IsOver(run))
            return $"{run.Status.ToLowerInvariant()}";
        var percent = line.Progress is { Total: > 0 } progress ? $" {100.0 * progress.Done / progress.Total:F0} % ({progress.Done} of {progress.Total})" : "";
        return $"{line.Name} {line.State}{percent}  {Figures(line.Progress)}".TrimEnd();
    }

    /// <summary>Steps in order, the parts of the embed step as one.</summary>
    private static IEnumerable<StepLine> Lines(RunDetail run) =>
        run.Steps.GroupBy(step => StepGroup(step.Name)).Select(group => group.ToArray() is [var only] ? Single(only) : Parts(group.Key, [.. group]));

    private static StepLine Single(RunStep step) => new(step.Name, State(step), step.Job?.Progress);

    private static StepLine Parts(string name, RunStep[] parts)
    {
        var done = parts.Count(part => State(part) is "done" or "reused");
        var rate = parts.Sum(part => part.Job is { State: JobState.Running } job ? job.Progress?.ImagesPerSecond : null);
        var progress = new JobProgress("parts", done, parts.Length) { ImagesPerSecond = rate };
        return new StepLine(name, done == parts.Length ? "done" : "running", progress);
    }

    private static string StepGroup(string name) => name.StartsWith(RunSteps.Embed, StringComparison.Ordinal) ? RunSteps.Embed : name;

    private static string State(RunStep step) => step.Reused ? "reused" : step.Job?.State.ToString().ToLowerInvariant() ?? "";

    private static string Coloured(string state) => state switch
    {
        "done" or "reused" => $"[green]{state}[/]",
        "failed" or "lost" or "cancelled" or "terminated" => $"[red]{state}[/]",
        _ => $"[yellow]{state}[/]",
    };

    private static string Bar(JobProgress? progress)
    {
        if (progress is not { Total: > 0 })
            return "";
        var full = (int)(BarWidth * Math.Min(progress.Done, progress.Total) / progress.Total);
        return $"[green]{new string('━', full)}[/][grey]{new string('━', BarWidth - full)}[/] {100.0 * progress.Done / progress.Total,3:F0} %";
    }

    private static string Figures(JobProgress? progress)
    {
        if (progress is null)
            return "";
        string?[] figures =
        [
            progress.Stage,
            progress.Total > 0 ? $"{progress.Done}/{progress.Total}" : null,
            progress.Loss is { } loss ? $"loss {loss:F4}" : null,
            progress.ImagesPerSecond is > 0 and var rate ? $"{rate:F0} images/s" : null,
            progress.EtaSeconds is > 0 and var eta ? $"{TimeSpan.FromSeconds(eta):m\\:ss} left" : null,
        ];
        return string.Join("  ", figures.OfType<string>());
    }

    private sealed record StepLine(string Name, string State, JobProgress? Progress);
}
