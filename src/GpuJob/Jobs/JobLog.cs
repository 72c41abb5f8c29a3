using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using LznPipeline.GpuJob.Runtime;
using LznPipeline.Shared;
using LznPipeline.Shared.Storage;
using Microsoft.Extensions.Logging;

namespace LznPipeline.GpuJob.Jobs;

/// <summary>The job's one log: lines on the console, and the same events with their values in <c>log.jsonl</c>.</summary>
internal sealed class JobLog(ArtifactStore store, string name, int attempt, TextWriter console) : ILogger
{
    private readonly ConcurrentQueue<string> _waiting = [];
    private readonly string? _trace = ActivityContext.TryParse(Environment.GetEnvironmentVariable("TRACEPARENT"), traceState: null, out var caller)
        ? caller.TraceId.ToHexString()
        : null;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
            return;
        var (at, message) = (DateTimeOffset.UtcNow, formatter(state, exception));
        console.WriteLine(ConsoleLog.Line(at, logLevel, message, exception: null));
        var values = (state as IEnumerable<KeyValuePair<string, object?>> ?? [])
            .Where(value => value.Key != "{OriginalFormat}").ToDictionary(value => value.Key, value => value.Value?.ToString());
        _waiting.Enqueue(JsonSerializer.Serialize(
            new Line(at, attempt, logLevel, eventId.Name, message, values, exception?.ToString(), _trace), LznJson.Options));
    }

    /// <summary>Appends what waits to the blob.</summary>
    internal async Task FlushAsync(CancellationToken stop)
    {
        var lines = new List<string>();
        while (_waiting.TryDequeue(out var line))
            lines.Add(line);
        if (lines.Count > 0)
            await store.AppendAsync(name, new BinaryData(string.Concat(lines.Select(line => line + "\n"))), stop);
    }

    /// <summary>A line of <c>log.jsonl</c>.</summary>
    /// <param name="Trace">Id of the W3C trace that the launcher named.</param>
    private sealed record Line(
        DateTimeOffset At, int Attempt, LogLevel Level, string? Event, string Message, Dictionary<string, string?> Values, string? Exception, string? Trace);
}
