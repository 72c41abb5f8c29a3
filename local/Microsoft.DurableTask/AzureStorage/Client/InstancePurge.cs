using System.Diagnostics;
using Lzn.Durable.History;
using Lzn.Durable.Storage;
using Microsoft.DurableTask.Client;

namespace Lzn.Durable.Client;

/// <summary>
/// Deletes finished instances in batches: a note of what is to go, then the records, with which the instances are gone, then the rest. Killed anywhere, no
/// instance is half there, and the next purge goes on.
/// </summary>
/// <param name="longest">After this time no further batch begins; one is purged in any case, so that who calls again and again comes to an end.</param>
internal sealed class InstancePurge(TaskHub hub, bool recursive, TimeSpan? longest, CancellationToken stop) : IAsyncDisposable
{
    private const int Parallel = 16;
    private const int BatchSize = 100;
    private const int PageSize = 1000;

    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly OwnedBlobs _owned = new(hub.Container, stop);
    private readonly PurgeNotes _notes = new(hub.Container, hub.Instances);
    private readonly HashSet<string> _asChildren = []; // ids used again and again can make a family tree go round in circles
    private int _purged;
    private bool _isCut;

    public async Task<PurgeResult> PurgeAsync(PurgeInstancesFilter filter)
    {
        var isAlone = await _notes.FinishAsync(stop).ConfigureAwait(false);
        var statuses = filter.Statuses?.ToHashSet();
        string? token = null;
        do
        {
            var page = await hub.Instances.ListAsync(idPrefix: null, PageSize, token, stop).ConfigureAwait(false);
            var ids = page.Values.Where(summary => InstanceState.IsFinal(summary.Status)
                && !(summary.CreatedAt < filter.CreatedFrom) && !(summary.CreatedAt > filter.CreatedTo) && statuses?.Contains(summary.Status) != false).Select(summary => summary.InstanceId).ToList();
            if (ids.Count > 0)
                await _owned.AdvanceAsync(ids).ConfigureAwait(false);
            await PurgeAsync(ids, parents: null).ConfigureAwait(false);
            token = page.ContinuationToken;
        }
        while (token is not null && !_isCut);
        if (!isAlone)
            await _notes.FinishAsync(stop).ConfigureAwait(false); // what was left lying there then may be gone now
        return new PurgeResult(_purged, isComplete: !_isCut);
    }

    /// <summary>Deletes an instance if it is there and over.</summary>
    public async Task<PurgeResult> PurgeAsync(string instanceId)
    {
        await PurgeAsync([instanceId], parents: null).ConfigureAwait(false);
        return new PurgeResult(_purged);
    }

    public ValueTask DisposeAsync() => _owned.DisposeAsync();

    /// <param name="parents">When given, only instances that one of these has started.</param>
    private async Task PurgeAsync(IEnumerable<string> instanceIds, HashSet<string>? parents)
    {
        foreach (var batch in instanceIds.Chunk(BatchSize))
        {
            _isCut |= _purged > 0 && Stopwatch.GetElapsedTime(_began) > longest;
            if (_isCut)
                return;
            var found = await InParallelAsync(batch, id => FindAsync(id, parents)).ConfigureAwait(false);
            await PurgeAsync([.. found.OfType<InstanceStore.Stored>()]).ConfigureAwait(false);
        }
    }

    private async Task PurgeAsync(IReadOnlyList<InstanceStore.Stored> batch)
    {
        if (recursive)
            await PurgeAsync(batch.SelectMany(stored => stored.Record.Children ?? []).Where(_asChildren.Add), [.. batch.Select(stored => stored.Record.InstanceId)]).ConfigureAwait(false);
        if (_isCut || batch.Count == 0)
            return; // parents go last, or nothing would lead to their children
        var purged = await InParallelAsync(batch, async stored =>
            new PurgeNotes.Purged(stored.Record.InstanceId, stored.Record.StartId, await _owned.OfAsync(stored).ConfigureAwait(false))).ConfigureAwait(false);
        var note = await _notes.WriteAsync(purged, stop).ConfigureAwait(false);
        var areGone = await InParallelAsync(batch, stored => hub.Instances.DeleteAsync(stored, stop)).ConfigureAwait(false);
        await _notes.FinishAsync(note, [.. purged.Where((_, i) => areGone[i])], all: true, stop).ConfigureAwait(false);
        _purged += areGone.Count(isGone => isGone);
    }

    /// <returns>Null when it is missing, not over, or none of these parents' children; also while a parent has not been told of its end, which would then wait for ever.</returns>
    private async Task<InstanceStore.Stored?> FindAsync(string instanceId, HashSet<string>? parents)
    {
        if (await hub.Instances.ReadAsync(instanceId, stop).ConfigureAwait(false) is not { } stored || !InstanceState.IsFinal(stored.Record.Status))
            return null;
        var mayGo = (parents, stored.Record.Parent) switch
        {
            (null, null) => true,
            (null, _) => !await hub.Instances.IsMarkedActiveAsync(hub.PartitionOf(instanceId), stored.Record, stop).ConfigureAwait(false),
            (_, var parent) => parent is not null && parents.Contains(parent.InstanceId),
        };
        return mayGo ? stored : null;
    }

    private async Task<TResult[]> InParallelAsync<T, TResult>(IReadOnlyList<T> items, Func<T, Task<TResult>> work)
    {
        var results = new TResult[items.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = stop };
        await System.Threading.Tasks.Parallel.ForAsync(0, items.Count, options, async (i, _) => results[i] = await work(items[i]).ConfigureAwait(false)).ConfigureAwait(false);
        return results;
    }
}
