using Microsoft.Extensions.Logging;

namespace LznPipeline.Activities;

internal static partial class Logs
{
    [LoggerMessage(1, LogLevel.Warning, "{Activity} failed")]
    internal static partial void ActivityFailed(this ILogger log, string activity, Exception cause);

    [LoggerMessage(2, LogLevel.Information, "{Step} of run {RunId}: attempt {Attempt} submitted")]
    internal static partial void Submitted(this ILogger log, string runId, string step, int attempt);

    [LoggerMessage(3, LogLevel.Information, "{Step} of run {RunId}: attempt {Attempt} launched as {Handle}")]
    internal static partial void Launched(this ILogger log, string runId, string step, int attempt, string handle);

    [LoggerMessage(4, LogLevel.Warning, "{Step} of run {RunId}: attempt {Attempt} is lost: {Reason}")]
    internal static partial void Lost(this ILogger log, string runId, string step, int attempt, string reason);

    [LoggerMessage(5, LogLevel.Information, "{Step} of run {RunId} cancelled at attempt {Attempt}")]
    internal static partial void Cancelled(this ILogger log, string runId, string step, int attempt);

    [LoggerMessage(6, LogLevel.Information, "{Step} of run {RunId} reuses {Output}: {Why}")]
    internal static partial void Reused(this ILogger log, string runId, string step, string output, string why);

    [LoggerMessage(7, LogLevel.Information, "Published {Folder}")]
    internal static partial void Published(this ILogger log, string folder);

    [LoggerMessage(8, LogLevel.Warning, "{Folder} is withdrawn, to be made again: {Reason}")]
    internal static partial void Withdrawn(this ILogger log, string folder, string reason);

    [LoggerMessage(9, LogLevel.Information, "Asked process {Handle} of {Step} of run {RunId} to save its work and stop")]
    internal static partial void AskedToStop(this ILogger log, string handle, string step, string runId);
}
