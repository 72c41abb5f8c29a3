using Microsoft.DurableTask;

namespace Lzn.Durable.Replay;

/// <summary>Failures of names that no registration knows. Another attempt would not help.</summary>
internal static class NotFound
{
    private const string OrchestratorType = "OrchestratorTaskNotFound";
    private const string ActivityType = "ActivityTaskNotFound";

    public static TaskFailureDetails Orchestrator(string name) => new(OrchestratorType, $"No orchestrator task named '{name}' was found.", null, null, null);

    public static TaskFailureDetails Activity(string name) => new(ActivityType, $"No activity task named '{name}' was found.", null, null, null);

    public static bool Is(TaskFailureDetails failure) => failure.ErrorType is OrchestratorType or ActivityType;
}
