namespace Lzn.Durable.History;

/// <summary>One turn of an execution, and one append to its history: what arrived, in order, and what the orchestrator decided upon it.</summary>
/// <param name="At">UTC; the orchestrator's CurrentUtcDateTime in this turn.</param>
/// <param name="SentUpTo">Events sent by calls with ids below this are known to be delivered.</param>
/// <param name="Shared">Ids of activities that from here on are the queue's: any host may run them.</param>
/// <param name="Queued">Ids of shared activities that are known to be in the queue.</param>
public sealed record HistoryBatch(
    DateTimeOffset At,
    IReadOnlyList<HistoryEvent> Arrived,
    IReadOnlyList<HistoryEvent> Decided,
    int SentUpTo = 0,
    IReadOnlyList<int>? Shared = null,
    IReadOnlyList<int>? Queued = null);
