namespace Lzn.Durable.History;

/// <summary>One turn of an execution, and one append to its history: what arrived, in order, and what the orchestrator decided upon it.</summary>
/// <param name="At">UTC; the orchestrator's CurrentUtcDateTime in this turn.</param>
/// <param name="SentUpTo">Events sent by calls with ids below this are known to be delivered.</param>
public sealed record HistoryBatch(DateTimeOffset At, IReadOnlyList<HistoryEvent> Arrived, IReadOnlyList<HistoryEvent> Decided, int SentUpTo = 0);
