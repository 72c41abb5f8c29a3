using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using LznPipeline.LocalHost.Settings;
using Microsoft.Azure.WebJobs.Host.Indexers;
using Microsoft.Azure.WebJobs.Host.Timers;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LznPipeline.LocalHost;

/// <summary>Hears which functions the WebJobs host refuses. It would start without them, for the sake of listeners that can start later.</summary>
/// <param name="log">Takes everything else that is said at the start.</param>
internal sealed class RefusedFunctions(ILogger log) : ILoggerProvider, ILogger
{
    /// <summary>What the WebJobs host says at its start, which only this hears.</summary>
    internal const string Category = "Host.Startup";

    private readonly ConcurrentQueue<string> _refused = new();

    /// <exception cref="HostStartException">Some were refused; each is named with the reason.</exception>
    internal void ThrowIfAny()
    {
        if (!_refused.IsEmpty)
            throw new HostStartException(string.Join(Environment.NewLine, _refused));
    }

    public ILogger CreateLogger(string categoryName) => categoryName == Category ? this : NullLogger.Instance;

    public bool IsEnabled(LogLevel logLevel) => log.IsEnabled(logLevel);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (exception is FunctionIndexingException refused)
            _refused.Enqueue($"Function '{refused.MethodName.Split('.')[^1]}' cannot run: {refused.GetBaseException().Message}");
        else
            log.Log(logLevel, eventId, state, exception, formatter);
    }

    public void Dispose()
    {
        // It holds nothing.
    }
}

/// <summary>
/// What fails in the background is told and survived. The package's own handler would end the process, and storage that stalls would so end the host.
/// </summary>
internal sealed class LoggedExceptions(ILogger<LoggedExceptions> log) : IWebJobsExceptionHandlerFactory, IWebJobsExceptionHandler
{
    public IWebJobsExceptionHandler Create(IHost jobHost) => this;

    public Task OnTimeoutExceptionAsync(ExceptionDispatchInfo exceptionInfo, TimeSpan timeoutGracePeriod) => OnUnhandledExceptionAsync(exceptionInfo);

    public Task OnUnhandledExceptionAsync(ExceptionDispatchInfo exceptionInfo)
    {
        log.PartFailed(exceptionInfo.SourceException);
        return Task.CompletedTask;
    }
}
