namespace Lzn.Durable.History;

/// <summary>What of a failed execution's history a rewound one begins with.</summary>
/// <param name="Turns">All turns but the last, without the failures that changed nothing else.</param>
/// <param name="TakenAgain">What arrived in the last turn, without failures.</param>
/// <param name="Undone">The calls whose failures are gone; they are made again.</param>
internal sealed record RewoundHistory(IReadOnlyList<HistoryBatch> Turns, IReadOnlyList<HistoryEvent> TakenAgain, IReadOnlyList<Call> Undone)
{
    /// <summary>
    /// Takes back the failures that led to the end. A failure that the orchestrator answered with further calls, such as a retry, belongs to its way
    /// and stays.
    /// </summary>
    public static RewoundHistory Of(IReadOnlyList<HistoryBatch> history)
    {
        var calls = history.SelectMany(turn => turn.Decided).OfType<Call>().ToDictionary(call => call.Id);
        var undone = new List<Call>();
        var turns = history.SkipLast(1).Select(turn => turn with
        {
            Arrived = turn.Decided.Count > 0 ? turn.Arrived : WithoutFailures(turn),
            Shared = null, // the queue's messages belong to the failed execution
            Queued = null,
        }).ToList();
        var again = WithoutFailures(history[^1]).Where(happened => happened is not ExecutionStarted).ToList();
        if (turns.Count > 0)
            turns[^1] = turns[^1] with { SentUpTo = calls.Keys.Append(-1).Max() + 1 }; // what was sent is not sent again under the new execution's id
        return new RewoundHistory(turns, again, undone);

        List<HistoryEvent> WithoutFailures(HistoryBatch turn)
        {
            undone.AddRange(turn.Arrived.OfType<TaskFailed>().Select(failed => calls[failed.Id]));
            return [.. turn.Arrived.Where(happened => happened is not TaskFailed)];
        }
    }
}
