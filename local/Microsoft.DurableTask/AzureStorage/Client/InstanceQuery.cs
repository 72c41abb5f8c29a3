using Lzn.Durable.History;
using Lzn.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Lzn.Durable.Client;

/// <summary>Lists instances in order of their ids, one segment of the storage listing a page. Of those that are not over the history is asked.</summary>
internal sealed class InstanceQuery(TaskHub hub, InstanceReader reader, OrchestrationQuery query)
{
    private const int Parallel = 16;

    private readonly HashSet<OrchestrationRuntimeStatus>? _statuses = query.Statuses?.ToHashSet();

    public async Task<Page<OrchestrationMetadata>> PageAsync(string? token, int? pageSize, CancellationToken stop)
    {
        var page = await hub.Instances.ListAsync(query.InstanceIdPrefix, pageSize ?? query.PageSize, token, stop).ConfigureAwait(false);
        var candidates = page.Values.Where(MayMatch).ToList();
        var found = new OrchestrationMetadata?[candidates.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = stop };
        await System.Threading.Tasks.Parallel.ForAsync(0, candidates.Count, options, async (i, cancellation) => found[i] = await ReadAsync(candidates[i], cancellation).ConfigureAwait(false)).ConfigureAwait(false);
        return new Page<OrchestrationMetadata>([.. found.OfType<OrchestrationMetadata>()], page.ContinuationToken);
    }

    private bool MayMatch(InstanceSummary summary) =>
        !(summary.CreatedAt < query.CreatedFrom) && !(summary.CreatedAt > query.CreatedTo)
        && (_statuses is null || !InstanceState.IsFinal(summary.Status) || _statuses.Contains(summary.Status));

    private Task<OrchestrationMetadata?> ReadAsync(InstanceSummary summary, CancellationToken stop) =>
        reader.FindAsync(summary.InstanceId, record => _statuses?.Contains(record.Status) != false, query.FetchInputsAndOutputs, stop);
}
