using Lzn.Functions.Durable;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;

namespace Lzn.Functions.Management;

/// <summary>Steering instances that run.</summary>
internal static class InstanceCommands
{
    public static async Task<IResult> RaiseEventAsync(ManagementRequest request)
    {
        if (!request.Http.HasJsonContentType() || request.Http.ContentType is { } type && type.Contains("+json", StringComparison.OrdinalIgnoreCase))
            return ManagementError.Of(StatusCodes.Status400BadRequest, "Only application/json request content is supported");
        var payload = await request.JsonAsync().ConfigureAwait(false) ?? throw new System.Text.Json.JsonException("The body is empty. Send the event's payload as JSON, or null for none.");
        return await ForUnfinishedAsync(request, (client, instance) =>
            client.RaiseEventAsync(instance.InstanceId, request.Route("eventName")!, payload.ValueKind == System.Text.Json.JsonValueKind.Null ? null : payload, request.Stop)).ConfigureAwait(false);
    }

    public static Task<IResult> TerminateAsync(ManagementRequest request) => ForUnfinishedAsync(request, (client, instance) =>
        client.TerminateInstanceAsync(instance.InstanceId, new TerminateInstanceOptions(request.Text("reason")), request.Stop));

    public static Task<IResult> SuspendAsync(ManagementRequest request) => ForUnfinishedAsync(request, (client, instance) =>
        instance.Is(OrchestrationRuntimeStatus.Suspended)
            ? throw new InvalidOperationException($"Instance '{instance.InstanceId}' is suspended already.")
            : client.SuspendInstanceAsync(instance.InstanceId, request.Text("reason"), request.Stop));

    public static Task<IResult> ResumeAsync(ManagementRequest request) => ForUnfinishedAsync(request, (client, instance) =>
        instance.Is(OrchestrationRuntimeStatus.Suspended)
            ? client.ResumeInstanceAsync(instance.InstanceId, request.Text("reason"), request.Stop)
            : throw new InvalidOperationException($"Instance '{instance.InstanceId}' is {instance.RuntimeStatus}, not Suspended."));

    public static async Task<IResult> RewindAsync(ManagementRequest request)
    {
        if (await FindAsync(request).ConfigureAwait(false) is not { } instance)
            return Results.NotFound();
        if (instance.IsFinished() && !instance.Is(OrchestrationRuntimeStatus.Failed))
            return Results.StatusCode(StatusCodes.Status410Gone);
        if (!instance.Is(OrchestrationRuntimeStatus.Failed))
            throw new InvalidOperationException($"Instance '{instance.InstanceId}' is {instance.RuntimeStatus}. Only a failed instance can be rewound.");
        try
        {
            await request.Client.RewindInstanceAsync(instance.InstanceId, request.Text("reason") ?? string.Empty, request.Stop).ConfigureAwait(false);
            return Results.StatusCode(StatusCodes.Status202Accepted);
        }
        catch (NotSupportedException exception)
        {
            return Results.Json(exception.Message, statusCode: StatusCodes.Status501NotImplemented);
        }
    }

    private static async Task<IResult> ForUnfinishedAsync(ManagementRequest request, Func<HubClient, OrchestrationMetadata, Task> command)
    {
        if (await FindAsync(request).ConfigureAwait(false) is not { } instance)
            return Results.NotFound();
        if (instance.IsFinished())
            return Results.StatusCode(StatusCodes.Status410Gone);
        await command(request.Client, instance).ConfigureAwait(false);
        return Results.StatusCode(StatusCodes.Status202Accepted);
    }

    private static Task<OrchestrationMetadata?> FindAsync(ManagementRequest request) =>
        request.Client.GetInstanceAsync(request.InstanceId, getInputsAndOutputs: false, request.Stop);
}
