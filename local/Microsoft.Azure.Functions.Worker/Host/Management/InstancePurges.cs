using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;

namespace Lzn.Functions.Management;

/// <summary>Deleting what is stored of instances.</summary>
internal static class InstancePurges
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60); // callers and proxies begin to give up at 100

    public static async Task<IResult> PurgeAsync(ManagementRequest request)
    {
        if (await request.Client.GetInstanceAsync(request.InstanceId, getInputsAndOutputs: false, request.Stop).ConfigureAwait(false) is not { } instance)
            return Results.NotFound();
        if (!instance.IsFinished())
            return Results.Json($"Instance '{instance.InstanceId}' is {instance.RuntimeStatus}. Only a finished instance can be purged.", statusCode: StatusCodes.Status412PreconditionFailed);
        var purged = await request.Client.PurgeInstanceAsync(instance.InstanceId, options: null, request.Stop).ConfigureAwait(false);
        return Deleted(purged);
    }

    public static async Task<IResult> PurgeManyAsync(ManagementRequest request)
    {
        if (request.Time("createdTimeFrom") is not { } from)
            return Results.Json("Please provide value for 'createdTimeFrom' parameter.", statusCode: StatusCodes.Status400BadRequest);
        var filter = new PurgeInstancesFilter(from, request.Time("createdTimeTo") ?? DateTimeOffset.UtcNow, request.Statuses()) { Timeout = request.Seconds("timeout") ?? Longest };
        var purged = await request.Client.PurgeAllInstancesAsync(filter, options: null, request.Stop).ConfigureAwait(false);
        return purged.PurgedInstanceCount > 0 ? Deleted(purged) : Results.NotFound();
    }

    /// <summary>As on Azure, with one field more when there is more to delete: then the caller asks again.</summary>
    private static IResult Deleted(PurgeResult purged)
    {
        var body = new JsonObject { ["instancesDeleted"] = purged.PurgedInstanceCount };
        if (purged.IsComplete == false)
            body["isComplete"] = false;
        return Results.Json(body);
    }
}
