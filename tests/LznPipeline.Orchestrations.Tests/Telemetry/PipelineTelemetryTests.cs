using System.Diagnostics;
using LznPipeline.Orchestrations.Tests.FakeJobs;
using LznPipeline.Orchestrations.Tests.Hosting;
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
        Activity.Current = null;
        var name = azurite.NewPrefix();
        await using var collector = await OtlpCollector.StartAsync();
        await using (var host = await StartAsync(("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"), ("Logging:LogLevel:LznPipeline", "Information")))
            await host.WaitAsync(await host.TrainAsync(new { name, dataset = new { name, source = _source.Images }, imagesPerPart = 10 }), "Completed");

        var run = collector.Spans.Single(span => span.Name == "orchestration:TrainWorkflow");
        var trace = collector.Spans.Where(span => span.Trace == run.Trace).ToDictionary(span => span.Id);
        Assert.Equal(["POST api/train", "function StartTraining", "create_orchestration:TrainWorkflow", "orchestration:TrainWorkflow", "orchestration:RunGpuJob", "activity:SubmitGpuJob", "function SubmitGpuJob"], PathTo("function SubmitGpuJob"));
        Assert.Single(trace.Values, span => !trace.ContainsKey(span.Parent));
        Assert.Equal(7, trace.Values.Count(span => span.Name == "orchestration:RunGpuJob"));
        Assert.Contains(run.Trace, collector.LogTraces);
        Assert.Superset(
            new HashSet<string> { "durable.activity.duration", "durable.orchestrations.ended", "durable.turn.duration", "faas.invoke_duration", "http.server.request.duration" }, collector.Metrics.ToHashSet());

        IEnumerable<string> PathTo(string last)
        {
            var path = new Stack<string>();
            for (var span = trace.Values.First(span => span.Name == last); span is not null; span = trace.GetValueOrDefault(span.Parent))
                path.Push(span.Name);
            return path;
        }
    }

    [Fact]
    public async Task Export_WithoutAnEndpoint_RegistersNothing()
    {
        await using var host = await StartAsync();

        Assert.Equal((null, null), (host.Services.GetService<TracerProvider>(), host.Services.GetService<MeterProvider>()));
    }

    public void Dispose()
    {
        Directory.Delete(Path.GetDirectoryName(_source.Images)!, recursive: true);
        _state.Delete(recursive: true);
    }

    private Task<PipelineHost> StartAsync(params (string Name, string? Value)[] settings) =>
        PipelineHost.StartAsync(azurite.ConnectionString, azurite.NewHub(), _state.FullName, functions: null, settings);
}
