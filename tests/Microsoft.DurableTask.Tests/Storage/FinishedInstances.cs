using Lzn.Durable;
using Lzn.Durable.History;
using Lzn.Durable.Storage;
using Microsoft.DurableTask.Client;

namespace Microsoft.DurableTask.Tests.Storage;

/// <summary>Writes instances that ended long ago straight into storage, as a host would have left them.</summary>
internal static class FinishedInstances
{
    public const int WithPayload = 10; // every tenth

    private static readonly DateTimeOffset Long = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static async Task WriteAsync(AzureStorageDurableOptions options, int count, string prefix = "old")
    {
        var hub = new TaskHub(options);
        await hub.OpenAsync(CancellationToken.None);
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, stop) =>
        {
            var (id, execution) = ($"{prefix}-{i:00000}", $"{i:x32}");
            var output = new Payload(i % WithPayload == 0 ? $"\"{new string('x', 30_000)}{i}\"" : $"{i}");
            var record = new InstanceRecord(id, "Old", "", execution, execution, Long, Long, OrchestrationRuntimeStatus.Completed, Input: null, Output: output);
            var turn = new HistoryBatch(Long, [record.ToStart()], [new ExecutionCompleted(OrchestrationRuntimeStatus.Completed, output, Failure: null)]);
            turn = await hub.Payloads.StoreAsync(turn, HubNames.Payloads(id, execution), stop);
            var length = await hub.Histories.AppendAsync(id, execution, turn, 0, stop);
            await hub.Instances.CreateAsync(record with { HistoryLength = length }, stop);
        });
    }
}
