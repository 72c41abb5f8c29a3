using System.Net;
using LznPipeline.GpuJob.Devices.Groups;
using LznPipeline.GpuJob.Devices.Transports;
using TorchSharp;

namespace LznPipeline.GpuJob.Tests.Devices;

/// <summary>The ranks of a group as threads of this process, connected by real sockets.</summary>
internal static class Ranks
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>NCCL, but for NCCL itself.</summary>
    private const string Nccl = "nccl in memory";

    /// <summary>Every transport.</summary>
    internal static IReadOnlyList<string> TransportNames { get; } = [.. TransportList.For(DeviceType.CPU).Select(transport => transport.Name), Nccl];

    internal static TheoryData<string> Transports => [.. TransportNames];

    /// <summary>Runs a rank's work on each rank; gives the results by rank.</summary>
    internal static async Task<T[]> RunAsync<T>(string transport, int size, Func<IDeviceGroup, T> work, TimeSpan? timeout = null)
    {
        var transports = Enumerable.Range(0, size).Select(_ => Open(transport)).ToArray();
        var ends = transports.Select((each, rank) => new IPEndPoint(IPAddress.Loopback, each.Listen(rank, local: true))).ToArray();
        using var done = new CountdownEvent(size);
        var results = await Task.WhenAll(Enumerable.Range(0, size).Select(rank => Task.Factory.StartNew(() =>
        {
            var group = transports[rank].ConnectAsync(new Peers(rank, ends, "secret"), timeout ?? Patience, default).GetAwaiter().GetResult();
            try
            {
                return work(group);
            }
            finally
            {
                done.Signal();
                done.Wait(Patience);        // who leaves early breaks what the others still do
                if (!group.IsBroken)
                    group.Dispose();
            }
        }, default, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        foreach (var each in transports)
            each.Dispose();
        return results;
    }

    private static ITransport Open(string name) =>
        name == Nccl ? new NcclTransport(MemoryNccl.Library, MemoryNccl.Driver) : TransportList.For(DeviceType.CPU).Single(each => each.Name == name);
}
