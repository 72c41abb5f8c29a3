using Lzn.Functions.Catalog;
using Lzn.Functions.Configuration;
using Lzn.Functions.Invocation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.Logging;

namespace Lzn.Functions.Web;

/// <summary>Answers one request with one invocation of an HTTP function.</summary>
internal sealed class HttpFunctionHandler(InvocationLog invocations, FunctionKeys keys, HostSettings settings, Drain drain, ILogger<HttpFunctionHandler> log)
{
    public const string HttpContextKey = "HttpRequestContext";

    public async Task HandleAsync(HttpContext http, FunctionDescriptor function, AuthorizationLevel level)
    {
        if (!keys.Allow(http.Request, level, function.Name))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        if (http.Request.ContentLength > settings.RequestBodySizeLimit)
        {
            await RefuseAsync(http, StatusCodes.Status413PayloadTooLarge).ConfigureAwait(false);
            return;
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, drain.Over);
        var context = new InvocationContext(function, http.RequestServices, TriggerValue) { Stop = stop.Token };
        context.Items[HttpContextKey] = http;
        context.Features.Set<INamedValues>(new HttpNamedValues(http.Request));
        try
        {
            await invocations.RunAsync(context).ConfigureAwait(false);
            await WriteAsync(context, http).ConfigureAwait(false);
        }
        catch (Exception exception) when (!http.Response.HasStarted)
        {
            http.Response.Clear();
            await RefuseAsync(http, StatusOf(exception, http)).ConfigureAwait(false);
        }
    }

    private int StatusOf(Exception exception, HttpContext http) => exception switch
    {
        BadHttpRequestException bad => bad.StatusCode,
        OperationCanceledException when http.RequestAborted.IsCancellationRequested => StatusCodes.Status499ClientClosedRequest,
        OperationCanceledException when drain.Over.IsCancellationRequested => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    private Task RefuseAsync(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return status switch
        {
            StatusCodes.Status413PayloadTooLarge => http.Response.WriteAsync(
                $"The request's body is larger than {settings.RequestBodySizeLimit} bytes, the limit of this host. The app setting {HostSettings.BodySizeSetting} changes it."),
            StatusCodes.Status503ServiceUnavailable => http.Response.WriteAsync("The host stops, and the request took longer than a stop waits. Send it again."),
            _ => Task.CompletedTask,
        };
    }

    private static object TriggerValue(InvocationContext context, Type type)
    {
        var request = context.GetHttpContext()!.Request;
        return type == typeof(HttpRequest) ? request : AspNetCoreRequestData.Of(request, context);
    }

    private Task WriteAsync(InvocationContext context, HttpContext http)
    {
        switch (context.Outcome.Response)
        {
            case IActionResult action:
                return action.ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), new ActionDescriptor()));
            case HttpResponseData:
                return Task.CompletedTask;
            case IResult result:
                return result.ExecuteAsync(http);
            default:
                log.NoHttpResponse(context.Function.Name, context.Outcome.Value?.GetType().Name ?? "nothing");
                return Task.CompletedTask;
        }
    }
}
