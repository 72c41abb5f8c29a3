namespace Lzn.Durable.History;

/// <summary>The payloads of events, wherever in the event they are.</summary>
internal static class Payloads
{
    public static IEnumerable<Payload> Of(HistoryEvent happened) => happened switch
    {
        ExecutionStarted { Input: { } payload } => [payload],
        TaskCompleted { Result: { } payload } => [payload],
        EventRaised { Input: { } payload } => [payload],
        ExecutionTerminated { Output: { } payload } => [payload],
        TaskScheduled { Input: { } payload } => [payload],
        SubOrchestrationScheduled { Input: { } payload } => [payload],
        EventSent { Input: { } payload } => [payload],
        CustomStatusSet { Status: { } payload } => [payload],
        ExecutionCompleted { Result: { } payload } => [payload],
        ContinuedAsNew next => next.Carried.SelectMany(Of).Concat(next.Input is null ? [] : [next.Input]),
        _ => [],
    };

    public static HistoryBatch Map(HistoryBatch batch, Func<Payload, Payload> map) => batch with
    {
        Arrived = [.. batch.Arrived.Select(happened => Map(happened, map))],
        Decided = [.. batch.Decided.Select(happened => Map(happened, map))],
    };

    public static HistoryEvent Map(HistoryEvent happened, Func<Payload, Payload> map) => happened switch
    {
        ExecutionStarted { Input: { } payload } it => it with { Input = map(payload) },
        TaskCompleted { Result: { } payload } it => it with { Result = map(payload) },
        EventRaised it => Map(it, map),
        ExecutionTerminated { Output: { } payload } it => it with { Output = map(payload) },
        TaskScheduled { Input: { } payload } it => it with { Input = map(payload) },
        SubOrchestrationScheduled { Input: { } payload } it => it with { Input = map(payload) },
        EventSent { Input: { } payload } it => it with { Input = map(payload) },
        CustomStatusSet { Status: { } payload } it => it with { Status = map(payload) },
        ExecutionCompleted { Result: { } payload } it => it with { Result = map(payload) },
        ContinuedAsNew it => it with
        {
            Input = it.Input is { } payload ? map(payload) : null,
            Carried = [.. it.Carried.Select(raised => Map(raised, map))],
        },
        _ => happened,
    };

    private static EventRaised Map(EventRaised raised, Func<Payload, Payload> map) => raised.Input is { } payload ? raised with { Input = map(payload) } : raised;
}
