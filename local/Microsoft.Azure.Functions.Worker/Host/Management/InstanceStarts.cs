using System.Text.Json.Nodes;
using DurableTask.Core.Exceptions;
using Lzn.Functions.Catalog;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Lzn.Functions.Management;

/// <summary>Starting instances, for the first time or again.</summary>
internal static class InstanceStarts
{
    private const int LongestId = 256;

    public static Task<IResult> StartAsync(ManagementRequest request) => StartedAsync(request, async () =>
    {
        var id = request.Route("instanceId");
        if (id is not null)
            CheckId(id);
        var orchestrator = Known(request.Functions, request.Route("functionName")!);
        var input = await request.JsonAsync().ConfigureAwait(false);
        var options = new StartOrchestrationOptions(id) { Version = request.Text("version") is { } version ? new TaskVersion(version) : null };
        return await request.Client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input, options, request.Stop).ConfigureAwait(false);
    });

    public static Task<IResult> RestartAsync(ManagementRequest request) => StartedAsync(request, async () =>
    {
        if (await request.Client.GetInstanceAsync(request.InstanceId, getInputsAndOutputs: false, request.Stop).ConfigureAwait(false) is not { } instance)
            throw new BadHttpRequestException("InstanceId does not match a valid orchestration instance.");
        var withNewId = request.Flag("restartWithNewInstanceId", otherwise: true);
        if (!withNewId && !instance.IsFinished())
            throw new OrchestrationAlreadyExistsException($"Instance '{instance.InstanceId}' is {instance.RuntimeStatus}. Terminate it first, or restart it under a new id.");
        return await request.Client.RestartAsync(instance.InstanceId, withNewId, request.Stop).ConfigureAwait(false);
    });

    private static async Task<IResult> StartedAsync(ManagementRequest request, Func<Task<string>> start)
    {
        string id;
        try
        {
            id = await start().ConfigureAwait(false);
        }
        catch (OrchestrationAlreadyExistsException exception)
        {
            return ManagementError.Of(StatusCodes.Status409Conflict, exception.Message);
        }
        catch (BadHttpRequestException exception)
        {
            return ManagementError.Of(StatusCodes.Status400BadRequest, exception.Message);
        }

        if (request.Seconds("timeout") is not { } timeout || request.Seconds("pollingInterval") is not { } interval)
            return CheckStatus(request, id);
        if (interval > timeout)
            throw new ArgumentException($"The pollingInterval ({interval.TotalSeconds} s) is longer than the timeout ({timeout.TotalSeconds} s).", nameof(request));
        return await WaitAsync(request, id, timeout, interval).ConfigureAwait(false);
    }

    private static async Task<IResult> WaitAsync(ManagementRequest request, string id, TimeSpan timeout, TimeSpan interval)
    {
        for (var until = DateTimeOffset.UtcNow + timeout; DateTimeOffset.UtcNow < until;)
        {
            var instance = await request.Client.GetInstanceAsync(id, getInputsAndOutputs: true, request.Stop).ConfigureAwait(false);
            if (instance?.Is(OrchestrationRuntimeStatus.Completed) == true)
                return Results.Text(instance.SerializedOutput ?? "null", "application/json");
            if (instance?.IsFinished() == true)
                return await InstanceQueries.StatusAsync(request, instance).ConfigureAwait(false);
            await Task.Delay(interval, request.Stop).ConfigureAwait(false);
        }

        return CheckStatus(request, id);
    }

    private static IResult CheckStatus(ManagementRequest request, string id)
    {
        var payload = request.Urls(id).Payload;
        request.Response.Headers.Location = payload.StatusQueryGetUri;
        request.Response.Headers.RetryAfter = "10";
        return Results.Json(
            new JsonObject
            {
                ["id"] = payload.Id,
                ["statusQueryGetUri"] = payload.StatusQueryGetUri,
                ["sendEventPostUri"] = payload.SendEventPostUri,
                ["terminatePostUri"] = payload.TerminatePostUri,
                ["purgeHistoryDeleteUri"] = payload.PurgeHistoryDeleteUri,
                ["restartPostUri"] = payload.RestartPostUri,
                ["suspendPostUri"] = payload.SuspendPostUri,
                ["resumePostUri"] = payload.ResumePostUri,
            },
            statusCode: StatusCodes.Status202Accepted);
    }

    private static string Known(FunctionCatalog functions, string name)
    {
        var known = functions.StartedBy<OrchestrationTriggerAttribute>().Select(found => found.Trigger.Orchestration ?? found.Function.Name).ToList();
        return known.Find(orchestrator => string.Equals(orchestrator, name, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"There is no orchestrator function '{name}'. There are: {string.Join(", ", known)}.", nameof(name));
    }

    private static void CheckId(string id)
    {
        if (id.Length > LongestId || id[0] == '@' || id.AsSpan().ContainsAny("/\\#?") || id.Any(char.IsControl))
            throw new ArgumentException($"Instance id '{id}' is not allowed: at most {LongestId} characters, no '@' at the beginning, none of / \\ # ? and no control characters.", nameof(id));
    }
}
