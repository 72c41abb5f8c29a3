using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Trace;

namespace LznPipeline.LocalHost;

/// <summary>
/// A W3C trace goes from the caller through request, orchestration and activity, always;
/// spans are exported by OTLP where the standard variable names an endpoint.
/// </summary>
internal static class HostTelemetry
{
    private static readonly string[] Sources = ["DurableTask.Core", "WebJobs.Extensions.DurableTask"];

    private static readonly ActivityListener Propagation = new()
    {
        ShouldListenTo = source => Sources.Contains(source.Name) || source.Name == "Microsoft.AspNetCore",
        Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.PropagationData,
    };

    internal static void Add(IServiceCollection services, IConfiguration configuration)
    {
        // A span is begun only for somebody who listens; without one the durable extension would drop the caller's trace.
        ActivitySource.AddActivityListener(Propagation);
        if (string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return;
        services.AddOpenTelemetry()
            .WithTracing(tracing => tracing.AddSource(Sources).AddAspNetCoreInstrumentation(web => web.Filter = IsWork))
            .WithMetrics(metrics => metrics.AddMeter("Microsoft.AspNetCore.Hosting", "System.Runtime"))
            .UseOtlpExporter();
    }

    /// <summary>Probes ask every few seconds and are no part of any run.</summary>
    private static bool IsWork(HttpContext http) => !http.Request.Path.StartsWithSegments("/healthz", StringComparison.Ordinal);
}
