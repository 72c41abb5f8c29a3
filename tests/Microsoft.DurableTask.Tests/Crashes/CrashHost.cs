using System.Globalization;
using Azure.Core;
using Azure.Storage.Blobs;
using Lzn.Durable.Storage;
using Microsoft.DurableTask.Tests.Engine;
using Microsoft.DurableTask.Worker;

namespace Microsoft.DurableTask.Tests.Crashes;

/// <summary>The process that is killed: this assembly, started as a program. It works on the hub until its standard input ends.</summary>
internal static class CrashHost
{
    /// <param name="args">Connection string, hub, number of the storage request to die at (0: none), "before" or "after" its answer; the host's name, longest pause between polls in ms.</param>
    public static async Task<int> Main(string[] args)
    {
        var (connection, hub, number) = (args[0], args[1], int.Parse(args[2], CultureInfo.InvariantCulture));
        var effects = new BlobContainerClient(connection, EffectsOf(hub));
        var failPoint = new FailPoint(number, args[3] == "after");
        await using var host = await StartAsync(() => TestHost.StartAsync(connection, hub, Workflows.Register(effects, args[4]), options =>
        {
            options.PartitionCount = 2;
            options.MaxPollingInterval = TimeSpan.FromMilliseconds(int.Parse(args[5], CultureInfo.InvariantCulture));
            options.ConfigureClients = clients => clients.AddPolicy(failPoint, HttpPipelinePosition.PerRetry);
        }, worker: worker => worker.Configure(options => options.Concurrency.MaximumConcurrentActivityWorkItems = 8)));
        await Console.In.ReadToEndAsync();
        return 0;
    }

    /// <summary>A host asks whether storage answers before it starts; on a busy machine it may not at once, and whoever runs hosts starts them again.</summary>
    private static async Task<TestHost> StartAsync(Func<Task<TestHost>> start)
    {
        while (true)
        {
            try
            {
                return await start();
            }
            catch (HubUnavailableException busy)
            {
                await Console.Error.WriteLineAsync(busy.Message);
            }
        }
    }

    public static string EffectsOf(string hub) => $"{hub.ToLowerInvariant()}-effects";
}
