using Azure.Storage.Blobs;

namespace Lzn.Durable.Storage;

/// <summary>
/// Finds the blobs that finished instances have besides their records: their histories, and payloads of every execution that has a history. A payload of
/// another execution is that of a start which may be replacing the instance right now.
/// </summary>
internal sealed class OwnedBlobs(BlobContainerClient container, CancellationToken stop) : IAsyncDisposable
{
    private static readonly TimeSpan ClockError = TimeSpan.FromMinutes(5); // ours against that of storage

    private readonly FolderListing _histories = new(container, HubNames.Histories, stop);
    private readonly FolderListing _payloads = new(container, HubNames.AllPayloads, stop);
    private readonly DateTimeOffset _began = DateTimeOffset.UtcNow;

    /// <summary>Looks ahead for many instances at once; without it each is looked for by itself.</summary>
    public async Task AdvanceAsync(IReadOnlyCollection<string> instanceIds)
    {
        await _histories.AdvanceAsync([.. instanceIds.Select(HubNames.History)]).ConfigureAwait(false);
        await _payloads.AdvanceAsync([.. instanceIds.Select(HubNames.Payloads)]).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<string>> OfAsync(InstanceStore.Stored instance)
    {
        var (history, payloads) = (HubNames.History(instance.Record.InstanceId), HubNames.Payloads(instance.Record.InstanceId));
        var (histories, stored) = (_histories.Of(history), _payloads.Of(payloads));
        if (histories.Count == 0 || instance.WrittenAt > _began - ClockError) // the listings may have come past before all was there
            (histories, stored) = (await ListAsync(history).ConfigureAwait(false), await ListAsync(payloads).ConfigureAwait(false));
        var executions = histories.Select(name => name[history.Length..]).Append(instance.Record.ExecutionId).ToHashSet();
        return [.. histories, .. stored.Where(name => executions.Contains(name[payloads.Length..name.LastIndexOf('/')]))];
    }

    public async ValueTask DisposeAsync()
    {
        await _histories.DisposeAsync().ConfigureAwait(false);
        await _payloads.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<string>> ListAsync(string folder)
    {
        var names = new List<string>();
        await foreach (var blob in container.GetBlobsAsync(prefix: folder, cancellationToken: stop).ConfigureAwait(false))
            names.Add(blob.Name);
        return names;
    }
}
