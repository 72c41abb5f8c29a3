using Microsoft.Extensions.Logging;

namespace LznPipeline.GpuJob.Runtime;

/// <summary>Lines on the console, for people.</summary>
internal sealed class ConsoleLog(TextWriter console) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            console.WriteLine(Line(DateTimeOffset.UtcNow, logLevel, formatter(state, exception), exception));
    }

    internal static string Line(DateTimeOffset at, LogLevel level, string message, Exception? exception) =>
        (level >= LogLevel.Warning ? $"{at:HH:mm:ss} {level.ToString().ToUpperInvariant()} {message}" : $"{at:HH:mm:ss} {message}") + (exception is null ? "" : $"{Environment.NewLine}{exception}");
}
