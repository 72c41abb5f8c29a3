using LznPipeline.Activities.Jobs;
using LznPipeline.Activities.Publishing;
using LznPipeline.Orchestrations.Http;
using LznPipeline.Orchestrations.Tests.FakeJobs;
using LznPipeline.Orchestrations.Tests.Hosting;
using LznPipeline.Orchestrations.Workflows;
using LznPipeline.Testing;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace LznPipeline.Orchestrations.Tests.Telemetry;

[Collection(OneHostAtATime.Name)]
public sealed class PipelineTelemetryTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>, IDisposable
{
    private readonly FakeSource _source = FakeSource.Create();
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("lzn-state-");

    [Fact]
    public async Task Export_OfARun_IsOneTraceFromTheRequestToTheActivitiesOfItsChildren()
    {
        var name = azurite.NewPrefix();
        await using var collector = await OtlpCollector.StartAsync();
        (string, string?)[] settings =
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
            ("Logging__LogLevel__LznPipeline", "Information")
        ];
        await using (var host = await StartAsync(settings))
            await host.WaitAsync(await host.TrainAsync(new { name, dataset = new { name, source = _source.Images }, imagesPerPart = 10 }), "Completed");

        // The worker tells of the start, and so does the host; both in the trace of the request.
        var start = Assert.Single(collector.Spans.Where(span => span.Name == $"create_orchestration:{nameof(TrainWorkflow)}").DistinctBy(span => span.Trace));
        var trace = collector.Spans.Where(span => span.Trace == start.Trace).Select(span => span.Name).ToArray();
        Assert.Single(trace, $"function {nameof(StartTraining)}");
        Assert.Equal(7, trace.Count(span => span == $"function {nameof(SubmitGpuJob)}"));
        Assert.Single(trace, $"function {nameof(PublishEmbeddings)}");
        Assert.Contains(start.Trace, collector.LogTraces);
        Assert.Superset(new HashSet<string> { "http.server.request.duration", "dotnet.gc.collections" }, collector.Metrics.ToHashSet());
    }

    [Fact]
    public void Export_WithoutAnEndpoint_RegistersNothing()
    {
        using var app = TestApp.Build();

        Assert.Equal((null, null), (app.Services.GetService<TracerProvider>(), app.Services.GetService<MeterProvider>()));
    }

    public void Dispose()
    {
        Directory.Delete(Path.GetDirectoryName(_source.Images)!, recursive: true);
        _state.Delete(recursive: true);
    }

    private Task<PipelineHost> StartAsync(params (string Name, string? Value)[] settings) =>
        PipelineHost.StartAsync(azurite.ConnectionString, azurite.NewHub(), _state.FullName, settings);
}
