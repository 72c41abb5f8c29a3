using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace LznPipeline.Orchestrations.Hosting;

/// <summary>Traces, metrics and logs by OTLP, for those who set the standard variable of an endpoint; without it nothing is registered and nothing costs.</summary>
internal static class PipelineTelemetry
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <remarks>Protocol, headers, sampling and names are OpenTelemetry's own variables (OTEL_...).</remarks>
    internal static FunctionsApplicationBuilder AddTelemetry(this FunctionsApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration[Endpoint]))
            return builder;
        builder.Services.AddOpenTelemetry()
            .UseFunctionsWorkerDefaults()
            .WithTracing(tracing => tracing.AddSource("Microsoft.DurableTask").AddAspNetCoreInstrumentation(web => web.Filter = IsWork))
            .WithMetrics(metrics => metrics.AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.Azure.Functions.Worker", "Microsoft.DurableTask", "System.Runtime"))
            .UseOtlpExporter();
        return builder;
    }

    /// <summary>Probes ask every few seconds and are no part of any run.</summary>
    private static bool IsWork(HttpContext http) => !http.Request.Path.StartsWithSegments("/healthz", StringComparison.Ordinal);
}
