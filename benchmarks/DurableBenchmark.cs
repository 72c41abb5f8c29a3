using System.Diagnostics;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Text.Json;
using LznPipeline.Cli.Hosting;

namespace LznPipeline.Benchmarks;

/// <summary>
/// The durable extension and its engine on Azurite, through the host for one machine.
/// The peer is what the Durable Functions documentation promises of one instance.
/// </summary>
internal sealed class DurableBenchmark : IBenchmark
{
    private const string Documented = "Durable Functions, documented";
    private const int ChainLength = 50;
    private const int FanOutWidth = 200;
    private const int Repeats = 7;
    private const int Starts = 20;

    /// <summary>The just-in-time compiler goes on beside the first ones and takes a core of two.</summary>
    private const int WarmUps = 6;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);     // a look asks the same storage
    private static readonly TimeSpan UntilIdle = TimeSpan.FromSeconds(45);      // until the pauses between polls are as long as they get
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<string, string?> AsOnOneMachine = [];
    private static readonly Dictionary<string, string?> AsInAzure = HostProcess.OnOneMachine.Keys.ToDictionary(name => name, _ => (string?)null);

    public string Name => "durable";

    public string Summary => "Chains, fan-outs and starts of durable orchestrations through the host, and what an idle host asks of storage";

    public async IAsyncEnumerable<Measure> RunAsync([EnumeratorCancellation] CancellationToken stop)
    {
        await using var storage = await CountingStorage.StartAsync(stop);
        yield return new Measure("start of the host, median of 3", await MedianHostStartAsync(storage.Uncounted, stop), "s");

        await using (var host = await StartAsync(storage.Uncounted, "Local", AsOnOneMachine, stop))
        {
            using var client = new HttpClient { BaseAddress = host.Url };
            await RunAsync(client, "Chain", ChainLength, stop);
            foreach (var _ in Enumerable.Range(0, WarmUps))
                await RunAsync(client, "FanOut", FanOutWidth, stop);
            yield return await RateAsync(client, "Chain", ChainLength, "chain of 50 empty activities", documented: 5, stop);
            yield return await RateAsync(client, "FanOut", FanOutWidth, "fan-out of 200 empty activities", documented: 100, stop);
            yield return new Measure("request to the first line of the first activity, median of 20", await MedianStartAsync(client, stop), "ms");
        }

        await using (await StartAsync(storage.ConnectionString, "Idle", AsOnOneMachine, stop))
            yield return await IdleAsync(storage, "an idle host of 'lzn up'", stop);
        await using (await StartAsync(storage.ConnectionString, "Azure", AsInAzure, stop))
            yield return await IdleAsync(storage, "an idle host with Azure's settings", stop);
    }

    private static async Task<double> MedianHostStartAsync(string storage, CancellationToken stop)
    {
        var times = new List<double>();
        foreach (var _ in Enumerable.Range(0, 3))
        {
            var began = Stopwatch.GetTimestamp();
            await using var host = await StartAsync(storage, "Start", AsOnOneMachine, stop);
            times.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
        }

        return times.Order().ElementAt(1);
    }

    private static Task<HostProcess> StartAsync(string storage, string hub, IReadOnlyDictionary<string, string?> settings, CancellationToken stop) =>
        HostProcess.StartAppAsync(
            Path.Combine(Repository.Root, "benchmarks", "DurableApp", "bin", "Release", "net10.0"),
            storage,
            port: 0,
            new Dictionary<string, string?>(settings)
            {
                ["AzureFunctionsJobHost__extensions__durableTask__hubName"] = $"Benchmark{hub}",
                ["LocalHost__InstanceId"] = "benchmark"
            },
            stop);

    private static async Task<Measure> RateAsync(HttpClient client, string orchestrator, int size, string name, double documented, CancellationToken stop)
    {
        var rates = new List<double>();
        foreach (var _ in Enumerable.Range(0, Repeats))
            rates.Add(size / (await RunAsync(client, orchestrator, size, stop)).Time.TotalSeconds);
        return new Measure($"{name}, median of {Repeats}", rates.Order().ElementAt(Repeats / 2), "activities/s", Documented, documented);
    }

    /// <summary>From the request that starts an instance to the look that sees it completed.</summary>
    private static async Task<(TimeSpan Time, JsonElement Output)> RunAsync(HttpClient client, string orchestrator, int input, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        using var started = await client.PostAsJsonAsync($"runtime/webhooks/durabletask/orchestrators/{orchestrator}", input, stop);
        started.EnsureSuccessStatusCode();
        var id = (await started.Content.ReadFromJsonAsync<JsonElement>(stop)).GetProperty("id").GetString();
        while (true)
        {
            using var answer = await client.GetAsync(new Uri($"runtime/webhooks/durabletask/instances/{id}", UriKind.Relative), stop);
            var seen = await answer.Content.ReadFromJsonAsync<JsonElement>(stop);
            switch (seen.GetProperty("runtimeStatus").GetString())
            {
                case "Completed":
                    return (Stopwatch.GetElapsedTime(began), seen.GetProperty("output"));
                case "Failed":
                    throw new InvalidOperationException($"{orchestrator} failed: {seen}");
                default:
                    await Task.Delay(Look, stop);
                    break;
            }
        }
    }

    private static async Task<double> MedianStartAsync(HttpClient client, CancellationToken stop)
    {
        var times = new List<double>();
        foreach (var _ in Enumerable.Range(0, Starts))
        {
            var began = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
            times.Add((await RunAsync(client, "Clock", 0, stop)).Output.GetInt64() - began);
        }

        return times.Order().ElementAt(Starts / 2);
    }

    private static async Task<Measure> IdleAsync(CountingStorage storage, string name, CancellationToken stop)
    {
        await Task.Delay(UntilIdle, stop);
        var (before, began) = (storage.Requests, Stopwatch.GetTimestamp());
        await Task.Delay(Idle, stop);
        var perSecond = (storage.Requests - before) / Stopwatch.GetElapsedTime(began).TotalSeconds;
        return new Measure($"storage requests of {name}, a month", perSecond * TimeSpan.FromDays(30).TotalSeconds / 1e6, "million");
    }
}
