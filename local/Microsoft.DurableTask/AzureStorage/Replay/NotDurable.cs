using Lzn.Durable.History;

namespace Lzn.Durable.Replay;

internal static class NotDurable
{
    public static string Text(ExecutionStarted started, string what) =>
        $"Orchestrator '{started.Name}' (instance '{started.InstanceId}') cannot be replayed: {what}. "
        + "An orchestrator awaits only tasks of its TaskOrchestrationContext and combinations of them, without ConfigureAwait(false); everything else belongs into activities.";
}
