using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;

namespace Lzn.Functions.Management;

/// <summary>Deleting what is stored of instances.</summary>
internal static class InstancePurges
{
    public static async Task<IResult> PurgeAsync(ManagementRequest request)
    {
        if (await request.Client.GetInstanceAsync(request.InstanceId, getInputsAndOutputs: false, request.Stop).ConfigureAwait(false) is not { } instance)
            return Results.NotFound();
        if (!instance.IsFinished())
            return Results.Json($"Instance '{instance.InstanceId}' is {instance.RuntimeStatus}. Only a finished instance can be purged.", statusCode: StatusCodes.Status412PreconditionFailed);
        var purged = await request.Client.PurgeInstanceAsync(instance.InstanceId, options: null, request.Stop).ConfigureAwait(false);
        return Deleted(purged.PurgedInstanceCount);
    }

    public static async Task<IResult> PurgeManyAsync(ManagementRequest request)
    {
        if (request.Time("createdTimeFrom") is not { } from)
            return Results.Json("Please provide value for 'createdTimeFrom' parameter.", statusCode: StatusCodes.Status400BadRequest);
        var filter = new PurgeInstancesFilter(from, request.Time("createdTimeTo") ?? DateTimeOffset.UtcNow, request.Statuses());
        var purged = await request.Client.PurgeAllInstancesAsync(filter, options: null, request.Stop).ConfigureAwait(false);
        return purged.PurgedInstanceCount > 0 ? Deleted(purged.PurgedInstanceCount) : Results.NotFound();
    }

    private static IResult Deleted(int count) => Results.Json(new { instancesDeleted = count });
}
