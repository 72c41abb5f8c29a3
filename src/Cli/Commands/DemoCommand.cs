using System.CommandLine;
using System.Diagnostics;
using LznPipeline.Cli.Api;
using LznPipeline.Cli.Demo;
using LznPipeline.Cli.Hosting;
using LznPipeline.Shared.Requests;
using LznPipeline.Shared.Storage;
using Spectre.Console;

namespace LznPipeline.Cli.Commands;

/// <summary><c>lzn demo</c>: the whole pipeline once, from images to published embeddings.</summary>
internal static class DemoCommand
{
    internal static Command Create()
    {
        var options = new RequestOptions();
        var fresh = new Option<bool>("--fresh") { Description = "Train anew, with a seed of its own, instead of showing the earlier run of the same request." };
        var command = new Command("demo", "Run the whole pipeline once, on your images or on pictures it draws.") { fresh };
        foreach (var option in options.All)
            command.Options.Add(option);
        command.SetAction((parsed, stop) =>
        {
            var request = new TrainRequest
            {
                Name = "demo",
                Dataset = parsed.GetValue(options.Data) is { } data
                    ? options.Dataset(RequestOptions.Source(data), parsed)
                    : DemoPlan.OwnPictures(parsed.GetValue(options.MaxImages)),
                Preset = parsed.GetRequiredValue(options.Preset),
                Set = options.Overrides(parsed, parsed.GetResult(options.Preset) is { Implicit: false } ? [] : DemoPlan.ShortCourse),
                Seed = parsed.GetValue(fresh) ? Random.Shared.NextInt64(1, 1_000_000) : parsed.GetValue(options.Seed),
            };
            request.Validate();
            return RunAsync(request, stop);
        });
        return command;
    }

    private static async Task<int> RunAsync(TrainRequest request, CancellationToken stop)
    {
        var begin = Stopwatch.GetTimestamp();
        if (Place.Up() is { } up)
            return await RunAsync(request, up.Url, up.Storage, hostLog: null, begin, stop);

        var hostLog = Path.Combine(Directory.CreateDirectory(Path.Combine(Repository.State, "logs")).FullName, "demo-host.log");
        await using var log = TextWriter.Synchronized(File.CreateText(hostLog));
        await using var pipeline = await LocalPipeline.StartAsync(
            Repository.State, hostPort: 0, ports: null, (source, line) => log.WriteLine($"{source,-8} {line}"), stop);
        return await RunAsync(request, pipeline.Url, pipeline.Storage, hostLog, begin, stop);
    }

    /// <param name="hostLog">Where the host's output goes if this demo runs it; null when it is that of <c>lzn up</c>.</param>
    private static async Task<int> RunAsync(TrainRequest request, Uri url, string storage, string? hostLog, long begin, CancellationToken stop)
    {
        using var client = new PipelineClient(url);
        var answer = await client.TrainAsync(request, stop);
        var run = answer.RunId;
        AnsiConsole.MarkupLineInterpolated($"[bold]{run}[/]  images {request.Dataset.Source}  pipeline {url}");
        if (answer is { Started: false, Status: "Completed" })
            AnsiConsole.WriteLine(
                $"The same request was run on {answer.CreatedAt.ToLocalTime():g}, so its results are shown again. --fresh or --seed N trains anew.");

        var seen = await RunFollower.FollowAsync(client, run, stop);
        if (seen.Result is not { } result)
        {
            await Console.Error.WriteLineAsync($"The run ended as {seen.Status}: {seen.Failure ?? "no reason given"}");
            await Console.Error.WriteLineAsync(
                $"Logs of its jobs: ./lzn logs {run} STEP while ./lzn up runs{(hostLog is null ? "" : $"; the host's log: {hostLog}")}");
            return 1;
        }

        await DemoReport.WriteAsync(await StoreAddress.OpenAsync(storage, stop), seen, result, stop);
        AnsiConsole.MarkupLineInterpolated($"[bold]Time[/] {Stopwatch.GetElapsedTime(begin):m\\:ss} min");
        DemoReport.WriteNextCommands(run, result.Embeddings, running: hostLog is null);
        return 0;
    }
}
