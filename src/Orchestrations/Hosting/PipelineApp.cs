using System.Text.Json;
using System.Text.Json.Serialization;
using Azure.Core.Serialization;
using LznPipeline.Activities;
using LznPipeline.Activities.Edge;
using LznPipeline.Orchestrations.Runs;
using LznPipeline.Shared;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LznPipeline.Orchestrations.Hosting;

/// <summary>What makes a Functions app this one.</summary>
public static class PipelineApp
{
    /// <summary>Histories are read with patience where requests are not: a newer field in an old history, or the reverse, is no error, and hosts write their names in their own case.</summary>
    private static readonly JsonSerializerOptions HistoryJson = new(LznJson.Options)
    {
        PropertyNameCaseInsensitive = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
        RespectRequiredConstructorParameters = false,
    };

    /// <summary>Adds JSON, the edge of activities, what activities and triggers need, a check of storage before anything starts, and telemetry where it is wanted.</summary>
    public static FunctionsApplicationBuilder AddPipeline(this FunctionsApplicationBuilder builder)
    {
        builder.UseWhen<ActivityEdge>(ActivityEdge.IsActivity);
        builder.Services.Configure<WorkerOptions>(worker => worker.Serializer = new JsonObjectSerializer(HistoryJson));
        builder.Services.AddActivities(builder.Configuration).AddSingleton<RunReader>().AddHostedService<StoreCheck>();
        return builder.AddTelemetry();
    }
}
