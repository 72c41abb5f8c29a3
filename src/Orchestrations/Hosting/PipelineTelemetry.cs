using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace LznPipeline.Orchestrations.Hosting;

/// <summary>
/// Traces, metrics and logs by OTLP, for those who set the standard variable of an endpoint; without it nothing is registered and nothing costs.
/// </summary>
internal static class PipelineTelemetry
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <remarks>
    /// Protocol, headers, sampling and names are OpenTelemetry's own variables (OTEL_...). The worker's defaults add its own source, one span a function; the
    /// durable client writes that of a start. Orchestrations and their activities are spans of the host, where the engine runs.
    /// </remarks>
    internal static FunctionsApplicationBuilder AddTelemetry(this FunctionsApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration[Endpoint]))
            return builder;
        builder.Services.AddOpenTelemetry()
            .UseFunctionsWorkerDefaults()
            .WithTracing(tracing => tracing.AddSource("Microsoft.DurableTask").AddAspNetCoreInstrumentation(web => web.Filter = IsWork))
            .WithMetrics(metrics => metrics.AddMeter("Microsoft.AspNetCore.Hosting", "System.Runtime"))
            .UseOtlpExporter();
        return builder;
    }

    /// <summary>Probes ask every few seconds and are no part of any run.</summary>
    private static bool IsWork(HttpContext http) => !http.Request.Path.StartsWithSegments("/api/health", StringComparison.Ordinal);
}
