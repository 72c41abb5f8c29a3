using Azure.Storage.Blobs.Models;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Lzn.Durable.Storage;
using Microsoft.Extensions.Logging;

namespace Lzn.Durable.Hosting;

/// <summary>
/// Looks at the hub from outside, whoever owns what: queues whose messages wait too long, partitions that nobody runs, messages set aside. It reports,
/// and puts back what somebody deleted; everything else is the hosts' own to mend.
/// </summary>
internal sealed class Watchdog(TaskHub hub, AzureStorageDurableOptions options, Func<IEnumerable<int>> uncertain, ILogger logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30); // with storage, for a whole round

    private readonly Dictionary<int, DateTimeOffset> _aloneSince = [];

    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
            {
                await Task.Delay(options.WatchInterval, stop).ConfigureAwait(false);
                await ReportAsync(stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            hub.Health.Report([]);
        }
    }

    private async Task ReportAsync(CancellationToken stop)
    {
        var findings = new List<HubHealth.Finding>();
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            patience.CancelAfter(Patience);
            await foreach (var finding in LookAsync(patience.Token).ConfigureAwait(false))
                findings.Add(finding);
        }
        catch (Exception fault) when (!stop.IsCancellationRequested)
        {
            findings.Add(new HubHealth.Finding($"Storage of task hub '{options.HubName}' does not answer: {fault.Message.Split('\n')[0]}", IsRed: true));
        }

        foreach (var finding in findings.Except(hub.Health.Findings))
            Logs.Unhealthy(logger, finding.What);
        if (findings.Count == 0 && hub.Health.Findings.Count > 0)
            Logs.HealthyAgain(logger, options.HubName);
        hub.Health.Report(findings);
    }

    private async IAsyncEnumerable<HubHealth.Finding> LookAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        foreach (var queue in Enumerable.Range(0, hub.PartitionCount).Select(hub.ControlQueue).Append(hub.ActivityQueue))
        {
            var age = await AgeAsync(queue, stop).ConfigureAwait(false) ?? TimeSpan.Zero;
            Telemetry.SawQueue(queue.Name, age);
            if (age > options.LongestHealthyWait)
                yield return new HubHealth.Finding($"Queue {queue.Name}: the oldest message has waited for {age:hh\\:mm\\:ss}, longer than {options.LongestHealthyWait:hh\\:mm\\:ss}.", IsRed: true);
        }

        for (var partition = 0; partition < hub.PartitionCount; partition++)
        {
            if (await AloneAsync(partition, stop).ConfigureAwait(false) is { } alone && alone > options.LongestHealthyWait)
                yield return new HubHealth.Finding($"Partition {partition} of task hub '{options.HubName}': no host has its lease since {alone:hh\\:mm\\:ss}.", IsRed: true);
        }

        foreach (var partition in uncertain())
            yield return new HubHealth.Finding($"Partition {partition} of task hub '{options.HubName}': its lease is not confirmed in time, so its instances wait.", IsRed: true);
        if (await AgeAsync(hub.PoisonQueue, stop).ConfigureAwait(false) is not null)
            yield return new HubHealth.Finding($"Queue {hub.PoisonQueue.Name}: messages were set aside. Look at them, then delete them.", IsRed: false);
    }

    /// <summary>How long the oldest message that anybody could take has been in the queue; null when there is none.</summary>
    private static async Task<TimeSpan?> AgeAsync(QueueClient queue, CancellationToken stop)
    {
        try
        {
            PeekedMessage? oldest = await queue.PeekMessageAsync(stop).ConfigureAwait(false);
            return oldest?.InsertedOn is { } since ? DateTimeOffset.UtcNow - since : null;
        }
        catch (Azure.RequestFailedException fault) when (StorageFault.IsMissing(fault))
        {
            await queue.CreateIfNotExistsAsync(cancellationToken: stop).ConfigureAwait(false); // somebody deleted it
            return null;
        }
    }

    /// <summary>For how long, as far as we saw, nobody has had the partition; null when somebody has.</summary>
    private async Task<TimeSpan?> AloneAsync(int partition, CancellationToken stop)
    {
        try
        {
            BlobProperties properties = await hub.Container.GetBlobClient(HubNames.Partition(partition)).GetPropertiesAsync(cancellationToken: stop).ConfigureAwait(false);
            if (properties.LeaseState is LeaseState.Leased)
            {
                _aloneSince.Remove(partition);
                return null;
            }
        }
        catch (Azure.RequestFailedException fault) when (StorageFault.IsMissing(fault))
        {
            // No host has had it yet, which is the same.
        }

        _aloneSince.TryAdd(partition, DateTimeOffset.UtcNow);
        return DateTimeOffset.UtcNow - _aloneSince[partition];
    }
}
