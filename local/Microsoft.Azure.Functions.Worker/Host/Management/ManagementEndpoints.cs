using Lzn.Functions.Durable;
using Lzn.Functions.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Lzn.Functions.Management;

/// <summary>Answers one management request.</summary>
internal delegate Task<IResult> ManagementHandler(ManagementRequest request);

/// <summary>Routes of the durable HTTP management API. A known path with another method is 404, as on Azure.</summary>
internal static class ManagementEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup(DurableClients.Path);
        Map(api, "POST", "/orchestrators/{functionName}/{instanceId?}", InstanceStarts.StartAsync);
        Map(api, "GET", "/instances/{instanceId}", InstanceQueries.StatusAsync);
        Map(api, "GET", "/instances", InstanceQueries.ListAsync);
        Map(api, "POST", "/instances/{instanceId}/raiseEvent/{eventName}", InstanceCommands.RaiseEventAsync);
        Map(api, "POST", "/instances/{instanceId}/terminate", InstanceCommands.TerminateAsync);
        Map(api, "POST", "/instances/{instanceId}/suspend", InstanceCommands.SuspendAsync);
        Map(api, "POST", "/instances/{instanceId}/resume", InstanceCommands.ResumeAsync);
        Map(api, "POST", "/instances/{instanceId}/rewind", InstanceCommands.RewindAsync);
        Map(api, "POST", "/instances/{instanceId}/restart", InstanceStarts.RestartAsync);
        Map(api, "DELETE", "/instances/{instanceId}", InstancePurges.PurgeAsync);
        Map(api, "DELETE", "/instances", InstancePurges.PurgeManyAsync);
    }

    private static void Map(RouteGroupBuilder api, string method, string pattern, ManagementHandler handler) =>
        api.Map(pattern, http => AnswerAsync(http, handler)).WithMetadata(new AcceptedMethods([method]));

    private static async Task AnswerAsync(HttpContext http, ManagementHandler handler)
    {
        var result = http.RequestServices.GetRequiredService<FunctionKeys>().Allow(http.Request, AuthorizationLevel.System, string.Empty)
            ? await TryAsync(http, handler).ConfigureAwait(false)
            : Results.Unauthorized();
        await result.ExecuteAsync(http).ConfigureAwait(false);
    }

    private static async Task<IResult> TryAsync(HttpContext http, ManagementHandler handler)
    {
        try
        {
            return await handler(new ManagementRequest(http)).ConfigureAwait(false);
        }
        catch (BadHttpRequestException bad)
        {
            return ManagementError.Of(bad.StatusCode, bad.Message);
        }
        catch (Exception exception) when (exception is ArgumentException or System.Text.Json.JsonException or FormatException)
        {
            return ManagementError.Of(StatusCodes.Status400BadRequest, "One or more of the arguments submitted is incorrect", exception);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !http.RequestAborted.IsCancellationRequested)
        {
            http.RequestServices.GetRequiredService<ILogger<ManagementRequest>>().ManagementFailed(exception, http.Request.Method, http.Request.Path);
            return ManagementError.Of(StatusCodes.Status500InternalServerError, "Something went wrong while processing your request", exception);
        }
    }
}
