using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Lzn.Durable;
using Lzn.Durable.Testing;
using LznPipeline.Cli.Hosting;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LznPipeline.Benchmarks;

/// <summary>The durable engine on Azurite, one host. The peer is what the Durable Functions documentation promises of one instance.</summary>
internal sealed class DurableBenchmark : IBenchmark
{
    private const string Documented = "Durable Functions, documented";
    private const int ChainLength = 100;
    private const int FanOutWidth = 1000;
    private const int Starts = 50;
    private const int ReplayedEvents = 10_000;

    private static long _operations;

    public string Name => "durable";

    public string Summary => "Chains, fan-outs and starts of durable orchestrations on one host with Azurite";

    public async IAsyncEnumerable<Measure> RunAsync([EnumeratorCancellation] CancellationToken stop)
    {
        using var meter = CountOperations();
        await using var azurite = await AzuriteProcess.StartAsync(folder: null, new AzuritePorts(), stop);
        using var host = await StartHostAsync(azurite.ConnectionString, stop);
        var client = host.Services.GetRequiredService<DurableTaskClient>();
        await RunAsync(client, "Chain", 10, stop); // warm-up: just-in-time compilation and connections
        await RunAsync(client, "FanOut", 10, stop);

        var (chain, chainOperations) = await RunAsync(client, "Chain", ChainLength, stop);
        yield return new Measure("chain of 100 empty activities", ChainLength / chain.TotalSeconds, "activities/s", Documented, 5);
        yield return new Measure("storage operations per activity, chain", (double)chainOperations / ChainLength, "operations");

        var (fanOut, fanOutOperations) = await RunAsync(client, "FanOut", FanOutWidth, stop);
        yield return new Measure("fan-out of 1,000 empty activities", FanOutWidth / fanOut.TotalSeconds, "activities/s", Documented, 100);
        yield return new Measure("storage operations per activity, fan-out", (double)fanOutOperations / FanOutWidth, "operations");

        var many = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => RunAsync(client, "Chain", 5, stop)));
        yield return new Measure("200 chains of 5 at once", 1000 / many.Elapsed.TotalSeconds, "activities/s");

        yield return new Measure("start to first activity, median", await MedianStartAsync(client, stop), "ms");

        yield return new Measure("replay of a history of 10,000 events", await ReplayAsync(client, stop), "ms");

        await Task.Delay(TimeSpan.FromSeconds(60), stop); // until the pauses between polls are as long as they get
        var idle = Interlocked.Read(ref _operations);
        using var self = Process.GetCurrentProcess();
        var (processor, watch) = (self.TotalProcessorTime, Stopwatch.StartNew());
        await Task.Delay(TimeSpan.FromSeconds(60), stop); // the time measured
        var perSecond = (Interlocked.Read(ref _operations) - idle) / watch.Elapsed.TotalSeconds;
        self.Refresh();
        yield return new Measure("processor time of an idle host", 100 * (self.TotalProcessorTime - processor) / watch.Elapsed, "% of a core");
        yield return new Measure("storage operations of an idle host", perSecond, "operations/s");
        yield return new Measure("storage operations of an idle host, a month", perSecond * TimeSpan.FromDays(30).TotalSeconds / 1e6, "million");
        await host.StopAsync(stop);
    }

    private static async Task<(TimeSpan Time, long Operations)> RunAsync(DurableTaskClient client, string orchestrator, int size, CancellationToken stop)
    {
        var before = Interlocked.Read(ref _operations);
        var watch = Stopwatch.StartNew();
        var id = await client.ScheduleNewOrchestrationInstanceAsync(orchestrator, size, stop);
        var end = await client.WaitForInstanceCompletionAsync(id, stop);
        return end.RuntimeStatus == OrchestrationRuntimeStatus.Completed
            ? (watch.Elapsed, Interlocked.Read(ref _operations) - before)
            : throw new InvalidOperationException($"{orchestrator} ended as {end}.");
    }

    /// <summary>From the client's call to the first line of the activity, in ms.</summary>
    private static async Task<double> MedianStartAsync(DurableTaskClient client, CancellationToken stop)
    {
        var times = new List<double>();
        for (var i = 0; i < Starts; i++)
        {
            var began = Stopwatch.GetTimestamp();
            var id = await client.ScheduleNewOrchestrationInstanceAsync("Clock", stop);
            var end = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, stop);
            times.Add(Stopwatch.GetElapsedTime(began, end.ReadOutputAs<long>()).TotalMilliseconds);
        }

        return times.Order().ElementAt(Starts / 2);
    }

    /// <summary>Median of a few, in ms.</summary>
    private static async Task<double> ReplayAsync(DurableTaskClient client, CancellationToken stop)
    {
        var id = await client.ScheduleNewOrchestrationInstanceAsync("FanOut", ReplayedEvents / 2, stop); // each call is an event, and so is its end
        await client.WaitForInstanceCompletionAsync(id, stop);
        var history = await ((IOrchestrationHistory)client).GetHistoryAsync(id, stop) ?? throw new InvalidOperationException($"Instance {id} has no history.");
        var times = new List<double>();
        for (var i = 0; i < 5; i++)
        {
            var began = Stopwatch.GetTimestamp();
            HistoryReplay.Run(AddTasks, history);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return times.Order().ElementAt(times.Count / 2);
    }

    private static async Task<IHost> StartHostAsync(string connectionString, CancellationToken stop)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddDurableTaskWorker(worker => worker.AddTasks(AddTasks).UseAzureStorage(Configure));
        builder.Services.AddDurableTaskClient(client => client.UseAzureStorage(Configure));
        var host = builder.Build();
        await host.StartAsync(stop);
        return host;

        void Configure(AzureStorageDurableOptions options)
        {
            options.ConnectionString = connectionString;
            options.HubName = "Benchmark";
        }
    }

    private static void AddTasks(DurableTaskRegistry tasks) => tasks
        .AddOrchestratorFunc<int>("Chain", async (context, length) =>
        {
            for (var i = 0; i < length; i++)
                await context.CallActivityAsync("Nothing");
        })
        .AddOrchestratorFunc<int>("FanOut", (context, width) => Task.WhenAll(Enumerable.Range(0, width).Select(_ => context.CallActivityAsync("Nothing"))))
        .AddOrchestratorFunc("Clock", context => context.CallActivityAsync<long>("Now"))
        .AddActivityFunc("Nothing", _ => { })
        .AddActivityFunc("Now", _ => Stopwatch.GetTimestamp());

    private static MeterListener CountOperations()
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "durable.storage.operations")
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref _operations, count));
        listener.Start();
        return listener;
    }
}
