using System.Diagnostics;
using System.Runtime.CompilerServices;
using LznPipeline.Shared.Runs;
using Spectre.Console;

namespace LznPipeline.Cli.Api;

/// <summary>Shows a run until it ends: a live table in a terminal, plain lines where output is redirected.</summary>
internal static class RunFollower
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(10);

    internal static Task<RunDetail> FollowAsync(PipelineClient client, string run, CancellationToken stop) =>
        AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected ? FollowLiveAsync(client, run, stop) : FollowPlainAsync(client, run, stop);

    private static async Task<RunDetail> FollowLiveAsync(PipelineClient client, string run, CancellationToken stop)
    {
        var seen = await client.RunAsync(run, stop);
        await AnsiConsole.Live(RunView.Table(seen)).StartAsync(async display =>
        {
            await foreach (var next in WatchAsync(client, run, stop))
                display.UpdateTarget(RunView.Table(seen = next));
        });
        return seen;
    }

    private static async Task<RunDetail> FollowPlainAsync(PipelineClient client, string run, CancellationToken stop)
    {
        RunDetail? seen = null;
        var (stage, begin, written) = ("", Stopwatch.GetTimestamp(), 0L);
        await foreach (var next in WatchAsync(client, run, stop))
        {
            seen = next;
            if (next.Stage == stage && !RunView.IsOver(next) && Stopwatch.GetElapsedTime(written) < LineEvery)
                continue;
            (stage, written) = (next.Stage, Stopwatch.GetTimestamp());
            Console.WriteLine($"{Stopwatch.GetElapsedTime(begin):mm\\:ss}  {next.Stage,-9} {RunView.Line(next)}");
        }

        return seen!;       // the watch yields at least once
    }

    private static async IAsyncEnumerable<RunDetail> WatchAsync(PipelineClient client, string run, [EnumeratorCancellation] CancellationToken stop)
    {
        while (true)
        {
            var seen = await client.RunAsync(run, stop);
            yield return seen;
            if (RunView.IsOver(seen))
                yield break;
            await Task.Delay(Pause, stop);
        }
    }
}
