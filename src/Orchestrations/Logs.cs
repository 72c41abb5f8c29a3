using Microsoft.Extensions.Logging;

namespace LznPipeline.Orchestrations;

internal static partial class Logs
{
    [LoggerMessage(101, LogLevel.Information, "Run {RunId} started")]
    internal static partial void RunStarted(this ILogger log, string runId);

    [LoggerMessage(102, LogLevel.Information, "Run {RunId} is there already; nothing was started")]
    internal static partial void RunIsThere(this ILogger log, string runId);

    [LoggerMessage(103, LogLevel.Information, "Embedding of {Dataset}/{DatasetVersion} by {Model}/{ModelVersion} started")]
    internal static partial void ReembeddingStarted(this ILogger log, string dataset, string datasetVersion, string model, string modelVersion);

    [LoggerMessage(104, LogLevel.Warning, "Storage does not answer; trying again until it does. {Reason}")]
    internal static partial void StorageIsAway(this ILogger log, string reason);

    [LoggerMessage(106, LogLevel.Error, "{Method} {Path} failed")]
    internal static partial void RequestFailed(this ILogger log, string method, string path, Exception failure);

    [LoggerMessage(105, LogLevel.Information, "Storage answers")]
    internal static partial void StorageIsBack(this ILogger log);
}
