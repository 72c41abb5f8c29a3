using System.Diagnostics;
using Lzn.Durable.History;
using Lzn.Durable.Storage;
using Microsoft.DurableTask.Client;

namespace Lzn.Durable.Client;

/// <summary>Deletes finished instances, page by page. It can be interrupted at any point and done again.</summary>
internal sealed class InstancePurge(TaskHub hub, bool recursive)
{
    private const int Parallel = 16;
    private const int PageSize = 500;

    public async Task<PurgeResult> PurgeAsync(PurgeInstancesFilter filter, CancellationToken stop)
    {
        var statuses = filter.Statuses?.ToHashSet();
        var began = Stopwatch.GetTimestamp();
        var purged = 0;
        string? token = null;
        do
        {
            var page = await hub.Instances.ListAsync(idPrefix: null, PageSize, token, stop).ConfigureAwait(false);
            var candidates = page.Values.Where(summary => InstanceState.IsFinal(summary.Status)
                && !(summary.CreatedAt < filter.CreatedFrom) && !(summary.CreatedAt > filter.CreatedTo) && statuses?.Contains(summary.Status) != false).ToList();
            foreach (var chunk in candidates.Chunk(Parallel))
            {
                if (Stopwatch.GetElapsedTime(began) > filter.Timeout)
                    return new PurgeResult(purged, isComplete: false);
                var counts = await Task.WhenAll(chunk.Select(summary => PurgeAsync(summary.InstanceId, stop))).ConfigureAwait(false);
                purged += counts.Sum();
            }

            token = page.ContinuationToken;
        }
        while (token is not null);
        return new PurgeResult(purged, isComplete: true);
    }

    /// <returns>How many instances were deleted: none if it is missing or not over.</returns>
    public async Task<int> PurgeAsync(string instanceId, CancellationToken stop)
    {
        if (await hub.Instances.ReadAsync(instanceId, stop).ConfigureAwait(false) is not { } stored || !InstanceState.IsFinal(stored.Record.Status))
            return 0;
        var purged = 0;
        if (recursive)
        {
            foreach (var child in stored.Record.Children ?? [])
                purged += await PurgeAsync(child, stop).ConfigureAwait(false);
        }

        return await hub.Instances.DeleteAsync(instanceId, stored.Version, stop).ConfigureAwait(false) ? purged + 1 : purged;
    }
}
