using Lzn.Durable.History;

namespace DurableTask.Core.Exceptions;

/// <summary>The code of an orchestrator no longer makes the calls that its history holds.</summary>
public sealed class NonDeterministicOrchestrationException(string message) : Exception(message)
{
    internal static NonDeterministicOrchestrationException Between(string orchestrator, string instanceId, HistoryEvent? expected, HistoryEvent? actual) => new(
        $"Orchestrator '{orchestrator}' (instance '{instanceId}') is not deterministic, or was changed while the instance was running. "
        + $"Expected, from the history: {Describe(expected)}. Actual, from the code: {Describe(actual)}. "
        + "Give changed orchestrators a new name or version, and take time, ids and random numbers only from the context or from activities.");

    private static string Describe(HistoryEvent? decision) => decision switch
    {
        TaskScheduled task => $"call #{task.Id} of activity '{task.Name}'",
        SubOrchestrationScheduled sub => $"call #{sub.Id} of sub-orchestrator '{sub.Name}'",
        TimerCreated timer => $"timer #{timer.Id}",
        EventSent sent => $"event '{sent.Name}' (#{sent.Id}) sent to '{sent.InstanceId}'",
        ExecutionCompleted => "the end of the orchestration",
        ContinuedAsNew => "ContinueAsNew",
        _ => "nothing more in this turn",
    };
}
