using System.Reflection;
using global::OpenTelemetry;
using global::OpenTelemetry.Resources;
using global::OpenTelemetry.Trace;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Azure.Functions.Worker.OpenTelemetry;

/// <summary>Functions in OpenTelemetry.</summary>
public static class ConfigureFunctionsOpenTelemetry
{
    private const string ServiceName = "OTEL_SERVICE_NAME";

    /// <summary>Takes up the spans of function invocations, and names the service: by OTEL_SERVICE_NAME, else WEBSITE_SITE_NAME, else the program.</summary>
    public static IOpenTelemetryBuilder UseFunctionsWorkerDefaults(this IOpenTelemetryBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure<WorkerOptions>(worker => worker.Capabilities["WorkerOpenTelemetryEnabled"] = bool.TrueString);
        return builder
            .ConfigureResource(resource =>
            {
                if (Environment.GetEnvironmentVariable(ServiceName) is not { Length: > 0 }) // OpenTelemetry reads it itself
                    resource.AddService(Environment.GetEnvironmentVariable("WEBSITE_SITE_NAME") ?? Assembly.GetEntryAssembly()?.GetName().Name ?? "functions");
            })
            .WithTracing(tracing => tracing.AddSource(Lzn.Functions.Telemetry.Name));
    }
}
