using Azure.Storage.Blobs;
using Lzn.Durable;
using Lzn.Durable.History;
using Microsoft.DurableTask.Client;

namespace Microsoft.DurableTask.Tests.Crashes;

/// <summary>The promise of every history that has ended: each step once.</summary>
internal static class HistoryAssert
{
    /// <summary>Waits for the end, and checks output, history and effects.</summary>
    public static async Task EndedRightAsync(DurableTaskClient client, BlobContainerClient effects, string id, Shape shape)
    {
        using var patience = new CancellationTokenSource(Nightly.Patience);
        var end = await client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, patience.Token);
        Assert.Equal((id, shape.Name, shape.Output), (id, end.Name, end.SerializedOutput));
        EachStepOnce((await ((IOrchestrationHistory)client).GetHistoryAsync(id, patience.Token))!); // the instance exists
        var left = effects.GetBlobs(prefix: id, cancellationToken: patience.Token).Select(blob => blob.Name).Order(StringComparer.Ordinal);
        Assert.Equal(shape.Effects(id).Order(StringComparer.Ordinal), left);
    }

    public static void EachStepOnce(IReadOnlyList<HistoryBatch> history)
    {
        var calls = history.SelectMany(turn => turn.Decided).OfType<Call>().Select(call => call.Id).ToList();
        var ends = history.SelectMany(turn => turn.Arrived).Select(happened => happened switch
        {
            TaskCompleted it => it.Id,
            TaskFailed it => it.Id,
            TimerFired it => it.Id,
            _ => -1,
        }).Where(id => id >= 0).ToList();
        var messages = history.SelectMany(turn => turn.Arrived).OfType<EventRaised>().Select(raised => raised.MessageId).ToList();

        Assert.Equal(Enumerable.Range(0, calls.Count), calls);
        Assert.Equal(ends.Distinct(), ends);
        Assert.Equal(messages.Distinct(), messages);
        Assert.Single(history.SelectMany(turn => turn.Arrived).OfType<ExecutionStarted>());
        Assert.Single(history.SelectMany(turn => turn.Decided).OfType<ExecutionCompleted>());
    }
}
