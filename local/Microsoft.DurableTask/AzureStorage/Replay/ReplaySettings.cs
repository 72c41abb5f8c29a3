using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace Lzn.Durable.Replay;

/// <summary>What a worker gives to every orchestration it runs.</summary>
/// <param name="FindOrchestrator">By name and version; null when there is none.</param>
/// <param name="DefaultSubVersion">Version of sub-orchestrations that are called without one.</param>
internal sealed record ReplaySettings(
    Func<TaskName, TaskVersion, ITaskOrchestrator?> FindOrchestrator, DataConverter Converter, ILoggerFactory Loggers, string DefaultSubVersion = "");
