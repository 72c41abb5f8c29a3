using Microsoft.Extensions.Logging;

namespace Lzn.Functions;

/// <summary>Everything the host logs.</summary>
internal static partial class Logs
{
    [LoggerMessage(1, LogLevel.Information, "Functions host listening on {Url} ({Functions} functions, environment {Environment})")]
    public static partial void Listening(this ILogger log, string url, int functions, string environment);

    [LoggerMessage(2, LogLevel.Information, "{Function}: {Trigger}")]
    public static partial void Hosts(this ILogger log, string function, string trigger);

    [LoggerMessage(3, LogLevel.Information, "Function {Function} is disabled by its app setting")]
    public static partial void Disabled(this ILogger log, string function);

    [LoggerMessage(4, LogLevel.Warning, "No function keys are configured outside Development, so every caller of {Functions} gets 401. Set the app setting {Setting}.")]
    public static partial void NoKeys(this ILogger log, string functions, string setting);

    [LoggerMessage(10, LogLevel.Information, "Executed {Function} ({InvocationId}) in {Milliseconds:0} ms")]
    public static partial void Executed(this ILogger log, string function, string invocationId, double milliseconds);

    [LoggerMessage(11, LogLevel.Error, "Failed {Function} ({InvocationId}) after {Milliseconds:0} ms")]
    public static partial void Failed(this ILogger log, Exception exception, string function, string invocationId, double milliseconds);

    [LoggerMessage(12, LogLevel.Warning, "Cancelled {Function} ({InvocationId}) after {Milliseconds:0} ms")]
    public static partial void Cancelled(this ILogger log, string function, string invocationId, double milliseconds);

    [LoggerMessage(13, LogLevel.Warning, "{Function} returned {Returned}, which is not an HTTP response; the caller gets an empty one. Return IActionResult, IResult or HttpResponseData, or mark a property with [HttpResult].")]
    public static partial void NoHttpResponse(this ILogger log, string function, string returned);

    [LoggerMessage(20, LogLevel.Information, "Timers of {HostId} run on this host")]
    public static partial void TimersHere(this ILogger log, string hostId);

    [LoggerMessage(21, LogLevel.Warning, "Timers of {HostId}: the lease was lost; another host takes over")]
    public static partial void TimersLost(this ILogger log, Exception? exception, string hostId);

    [LoggerMessage(22, LogLevel.Warning, "Timers of {HostId}: the lease cannot be asked for; trying again")]
    public static partial void TimerLeaseUnreachable(this ILogger log, Exception exception, string hostId);

    [LoggerMessage(23, LogLevel.Information, "Timer {Function} missed {Occurrence:u} and runs now")]
    public static partial void TimerPastDue(this ILogger log, string function, DateTime occurrence);

    [LoggerMessage(24, LogLevel.Error, "Timer {Function} cannot go on and tries again")]
    public static partial void TimerBroken(this ILogger log, Exception exception, string function);

    [LoggerMessage(25, LogLevel.Warning, "Retrying {Function}: retry {Retry} after {Delay}")]
    public static partial void Retrying(this ILogger log, string function, int retry, TimeSpan delay);

    [LoggerMessage(26, LogLevel.Debug, "Timer {Function} next runs at {Next:u}")]
    public static partial void TimerNext(this ILogger log, string function, DateTime next);

    [LoggerMessage(27, LogLevel.Information, "Timers of {HostId} run on another host; this one stands by")]
    public static partial void TimersElsewhere(this ILogger log, string hostId);

    [LoggerMessage(30, LogLevel.Error, "Orchestrator {Function} of instance {InstanceId} failed")]
    public static partial void OrchestratorFailed(this ILogger log, Exception exception, string function, string instanceId);

    [LoggerMessage(31, LogLevel.Error, "Management request {Method} {Path} failed")]
    public static partial void ManagementFailed(this ILogger log, Exception exception, string method, string path);
}
