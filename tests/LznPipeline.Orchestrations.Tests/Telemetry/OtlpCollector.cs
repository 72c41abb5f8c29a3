using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LznPipeline.Orchestrations.Tests.Telemetry;

/// <param name="Parent">Empty for the first of a trace.</param>
internal sealed record Span(string Trace, string Id, string Parent, string Name);

/// <summary>Takes OTLP over HTTP, as a collector does, and keeps the spans and the names of metrics and log lines.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Span> _spans = new();
    private readonly ConcurrentDictionary<string, bool> _metrics = new();
    private readonly ConcurrentQueue<string> _logTraces = new();

    private OtlpCollector()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        // Field numbers are those of opentelemetry-proto: resource_spans, scope_spans, spans; and so for metrics and logs.
        Take("/v1/traces", body => Each(body, [1, 2, 2], span => _spans.Enqueue(new Span(Hex(span, 1), Hex(span, 2), Hex(span, 4), Text(span, 5)))));
        Take("/v1/metrics", body => Each(body, [1, 2, 2], metric => _metrics[Text(metric, 1)] = true));
        Take("/v1/logs", body => Each(body, [1, 2, 2], line => _logTraces.Enqueue(Hex(line, 9))));
    }

    internal string Address => _app.Urls.Single();

    internal IReadOnlyList<Span> Spans => [.. _spans];

    internal ICollection<string> Metrics => _metrics.Keys;

    /// <summary>The trace ids of log lines.</summary>
    internal IReadOnlyCollection<string> LogTraces => _logTraces;

    internal static async Task<OtlpCollector> StartAsync()
    {
        var collector = new OtlpCollector();
        await collector._app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void Each(ReadOnlyMemory<byte> body, int[] path, Action<ReadOnlyMemory<byte>> keep)
    {
        foreach (var found in Protobuf.At(body, path))
            keep(found);
    }

    private static string Hex(ReadOnlyMemory<byte> message, int field) => Convert.ToHexStringLower(Protobuf.Fields(message, field).SingleOrDefault().Span);

    private static string Text(ReadOnlyMemory<byte> message, int field) => Encoding.UTF8.GetString(Protobuf.Fields(message, field).SingleOrDefault().Span);

    private void Take(string path, Action<ReadOnlyMemory<byte>> read) => _app.MapPost(path, async (HttpRequest request) =>
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        read(body.ToArray());
    });
}
