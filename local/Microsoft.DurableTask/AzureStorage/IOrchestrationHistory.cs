using Lzn.Durable.History;

namespace Lzn.Durable;

/// <summary>Reads what happened to an instance. The client made by UseAzureStorage implements it.</summary>
public interface IOrchestrationHistory
{
    /// <returns>The current execution's turns in order, payloads included; null when there is no such instance.</returns>
    Task<IReadOnlyList<HistoryBatch>?> GetHistoryAsync(string instanceId, CancellationToken cancellation = default);
}
