using System.Text.Json;
using System.Text.Json.Serialization;
using Azure.Core.Serialization;
using LznPipeline.Shared;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace LznPipeline.Orchestrations.Hosting;

/// <summary>How whatever travels through a history is written and read.</summary>
internal static class HistoryJson
{
    /// <summary>
    /// Histories are read with patience where requests are not: a newer field in an old history, or the reverse, is no error, and hosts write their names in
    /// their own case.
    /// </summary>
    internal static JsonSerializerOptions Options { get; } = new(LznJson.Options)
    {
        PropertyNameCaseInsensitive = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
        RespectRequiredConstructorParameters = false,
    };

    /// <remarks>
    /// The durable extension reads an orchestration's input by the options alone (its context gets a JsonElement and asks for IOptions of
    /// JsonSerializerOptions), and all else, the input and output of activities, the output and custom status of orchestrations and what a client reads and
    /// writes, by the worker's serializer.
    /// </remarks>
    internal static IServiceCollection AddHistoryJson(this IServiceCollection services) => services
        .AddSingleton(Microsoft.Extensions.Options.Options.Create(Options))
        .Configure<WorkerOptions>(worker => worker.Serializer = new JsonObjectSerializer(Options));
}
