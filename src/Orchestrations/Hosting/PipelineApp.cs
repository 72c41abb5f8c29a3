using LznPipeline.Activities;
using LznPipeline.Activities.Edge;
using LznPipeline.Orchestrations.Http;
using LznPipeline.Orchestrations.Runs;
using LznPipeline.Shared.Storage;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LznPipeline.Orchestrations.Hosting;

/// <summary>What makes a Functions app this one.</summary>
public static class PipelineApp
{
    /// <summary>Adds JSON, the edges of requests and activities, what these need, the making of the container, and telemetry where it is wanted.</summary>
    /// <exception cref="Shared.Options.OptionsException">A setting is wrong; every one that is wrong is listed.</exception>
    public static FunctionsApplicationBuilder AddPipeline(this FunctionsApplicationBuilder builder)
    {
        ActivityEdge.Surround(builder.Services);
        builder.Services.AddHistoryJson().AddActivities(builder.Configuration)
            .AddSingleton<RunReader>().AddSingleton<StoreHealth>().AddHostedService<StoreCheck>();
        builder.UseMiddleware<HttpEdge>();
        return builder.AddTelemetry();
    }
}
