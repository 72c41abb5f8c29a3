using Microsoft.Extensions.Logging;

namespace LznPipeline.LocalHost;

/// <summary>Everything that this host says.</summary>
internal static partial class Logs
{
    [LoggerMessage(1, LogLevel.Information, "Functions host listening on {Url} ({Functions} functions, environment {Environment})")]
    internal static partial void Listening(this ILogger log, string url, int functions, string environment);

    [LoggerMessage(2, LogLevel.Information, "{Line}")]
    internal static partial void WorkerSaid(this ILogger log, string line);

    [LoggerMessage(3, LogLevel.Error,
        "The worker process {ProcessId} ended with code {ExitCode}; it is started again, and what it had under way is done again")]
    internal static partial void WorkerEnded(this ILogger log, int processId, int exitCode);

    [LoggerMessage(4, LogLevel.Error, "The worker did not start: {Reason} The next try is in {Seconds} s")]
    internal static partial void WorkerNotStarted(this ILogger log, string reason, double seconds);

    [LoggerMessage(5, LogLevel.Warning, "{Problem} The host waits, and goes on when it does")]
    internal static partial void StorageAway(this ILogger log, string problem);

    [LoggerMessage(6, LogLevel.Information, "Storage answers again")]
    internal static partial void StorageBack(this ILogger log);

    [LoggerMessage(7, LogLevel.Warning, "The lock {LockId} is lost; the timer waits until it is taken again")]
    internal static partial void TimerLockLost(this ILogger log, string lockId);

    [LoggerMessage(8, LogLevel.Warning, "The status of timer {Timer} cannot be read and is begun anew: {Reason}")]
    internal static partial void TimerStatusDamaged(this ILogger log, string timer, string reason);

    [LoggerMessage(9, LogLevel.Warning, "The status of timer {Timer} could not be written: {Reason}")]
    internal static partial void TimerStatusNotWritten(this ILogger log, string timer, string reason);

    [LoggerMessage(10, LogLevel.Error, "Timer {Timer}, started by hand, failed: {Reason}")]
    internal static partial void TimerFailed(this ILogger log, string timer, string reason);

    [LoggerMessage(12, LogLevel.Information, "The host is stopping; what runs may finish within {Seconds} s")]
    internal static partial void Stopping(this ILogger log, double seconds);

    [LoggerMessage(11, LogLevel.Error, "A part of the host failed, and goes on")]
    internal static partial void PartFailed(this ILogger log, Exception failure);
}
