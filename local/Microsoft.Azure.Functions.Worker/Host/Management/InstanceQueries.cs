using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.DurableTask.Client;

namespace Lzn.Functions.Management;

/// <summary>Looking at instances.</summary>
internal static class InstanceQueries
{
    private const string Continuation = "x-ms-continuation-token";

    public static async Task<IResult> StatusAsync(ManagementRequest request) =>
        await request.Client.GetInstanceAsync(request.InstanceId, getInputsAndOutputs: true, request.Stop).ConfigureAwait(false) is { } instance
            ? await StatusAsync(request, instance).ConfigureAwait(false)
            : Results.NotFound();

    /// <summary>The status answer for an instance; also the end of a start that waited.</summary>
    public static async Task<IResult> StatusAsync(ManagementRequest request, OrchestrationMetadata instance)
    {
        var showInput = request.Flag("showInput", otherwise: true);
        var history = request.Flag("showHistory", otherwise: false) && !instance.Is(OrchestrationRuntimeStatus.Pending)
            ? await HistoryEventsJson.OfAsync(request, instance, showInput, request.Flag("showHistoryOutput", otherwise: false)).ConfigureAwait(false)
            : null;
        var body = InstanceStatusJson.Of(instance, showInput, history);
        if (instance.IsFinished())
        {
            var failed = instance.Is(OrchestrationRuntimeStatus.Failed) && request.Flag("returnInternalServerErrorOnFailure", otherwise: false);
            return Results.Json(body, statusCode: failed ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK);
        }

        request.Response.Headers.Location = request.Http.GetEncodedUrl();
        request.Response.Headers.RetryAfter = "5";
        return Results.Json(body, statusCode: StatusCodes.Status202Accepted);
    }

    public static async Task<IResult> ListAsync(ManagementRequest request)
    {
        var token = request.Http.Headers[Continuation].ToString();
        var query = new OrchestrationQuery
        {
            CreatedFrom = request.Time("createdTimeFrom"),
            CreatedTo = request.Time("createdTimeTo"),
            Statuses = request.Statuses(),
            InstanceIdPrefix = request.Text("instanceIdPrefix"),
            PageSize = request.Number("top") is { } top and > 0 ? top : OrchestrationQuery.DefaultPageSize,
            FetchInputsAndOutputs = true,
            ContinuationToken = token.Length > 0 ? token : null,
        };
        var showInput = request.Flag("showInput", otherwise: true);
        var page = await request.Client.GetAllInstancesAsync(query).AsPages(query.ContinuationToken, query.PageSize).FirstAsync(request.Stop).ConfigureAwait(false);
        request.Response.Headers[Continuation] = page.ContinuationToken ?? string.Empty;
        return Results.Json(new JsonArray([.. page.Values.Select(instance => InstanceStatusJson.Of(instance, showInput))]));
    }
}
