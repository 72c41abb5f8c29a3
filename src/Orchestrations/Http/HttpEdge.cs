using System.Net;
using LznPipeline.Shared.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace LznPipeline.Orchestrations.Http;

/// <summary>
/// What every HTTP request passes on its way in, and its failure on the way out: no parameter is ignored, and no answer is an empty 500 or comes after minutes.
/// </summary>
internal sealed class HttpEdge(StoreHealth storage, ILogger<HttpEdge> log) : IFunctionsWorkerMiddleware
{
    private const string RetryAfterSeconds = "5";

    /// <summary>Those of Azure Functions, by which keys come.</summary>
    private static readonly string[] Known = ["code", "clientId"];

    public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (await context.GetHttpRequestDataAsync() is not { } request || context.FunctionDefinition.Name == nameof(GetHealth))
            await next(context);
        else
            await CrossAsync(context, request, next);
    }

    private async Task CrossAsync(FunctionContext context, HttpRequestData request, FunctionExecutionDelegate next)
    {
        var stop = context.CancellationToken;
        if (request.Query.AllKeys.FirstOrDefault(name => !Known.Contains(name)) is { } unknown)
        {
            context.GetInvocationResult().Value = await request.ProblemAsync(
                HttpStatusCode.BadRequest, $"There is no query parameter '{unknown}' at {request.Url.AbsolutePath}.", [], stop);
            return;
        }

        if (await storage.ProblemAsync(stop) is { } away)
        {
            context.GetInvocationResult().Value = await request.ProblemAsync(
                HttpStatusCode.ServiceUnavailable, $"{away} Nothing is lost; try again.", [], stop, ("Retry-After", RetryAfterSeconds));
            return;
        }

        try
        {
            await next(context);
        }
        catch (Exception failed) when (!stop.IsCancellationRequested)
        {
            log.RequestFailed(request.Method, request.Url.AbsolutePath, failed);
            context.GetInvocationResult().Value = await request.ProblemAsync(
                HttpStatusCode.InternalServerError, "The request failed inside the pipeline; its log says why. Trying again may help.", [], stop);
        }
    }
}
