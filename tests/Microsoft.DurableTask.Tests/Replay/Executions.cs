using Lzn.Durable.History;
using Lzn.Durable.Replay;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging.Abstractions;

namespace Microsoft.DurableTask.Tests.Replay;

/// <summary>Executions in memory, of an orchestrator that is a function, beginning at noon.</summary>
internal static class Executions
{
    public static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    public static readonly ExecutionStarted Start = new("Workflow", "", "instance", "execution", Input: null);
    public static readonly TaskFailureDetails Broken = new("T", "broken", null, null, null);

    public static OrchestrationExecution Execution<T>(Func<TaskOrchestrationContext, Task<T>> code, Action? onForeign = null)
    {
        var orchestrator = FuncTaskOrchestrator.Create<object?, T>((context, _) => code(context));
        return new OrchestrationExecution(new ReplaySettings((_, _) => orchestrator, JsonDataConverter.Default, NullLoggerFactory.Instance), onForeign);
    }

    public static ExecutionCompleted End(HistoryBatch turn) => Assert.IsType<ExecutionCompleted>(turn.Decided[^1]);

    public static string? Output(HistoryBatch turn)
    {
        Assert.Null(End(turn).Failure);
        return End(turn).Result?.Text;
    }

    /// <summary>At once, as orchestrators must: CancelAsync cancels from another thread.</summary>
    public static void Cancel(CancellationTokenSource source) => source.Cancel();

    public static EventRaised Event(string id, string name, string json) => new(id, name, Payload.Of(json));
}
