using System.Collections.Immutable;
using LznPipeline.LocalHost.Functions;
using LznPipeline.LocalHost.Protocol;
using LznPipeline.LocalHost.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Host;

namespace LznPipeline.LocalHost.Http;

/// <summary>The addresses of HTTP functions: <c>/{prefix}/{route}</c>, for the methods that the trigger names, behind the key that it asks for.</summary>
internal sealed class FunctionRoutes(Keys keys, HostSettings settings, IJobHost host)
{
    private string TooLong => $"The body is too long. Allowed: {settings.RequestBodySizeLimit} bytes (FUNCTIONS_REQUEST_BODY_SIZE_LIMIT).";

    internal void Map(IEndpointRouteBuilder routes, ImmutableArray<Function> functions)
    {
        foreach (var function in functions.Where(function => function.Trigger.Type is Triggers.Http))
        {
            var pattern = $"/{settings.RoutePrefix.Trim('/')}/{function.Trigger["route"] ?? function.Name}".Replace("//", "/", StringComparison.Ordinal);
            var methods = function.Trigger.List("methods");
            var serve = keys.Guard(http => ServeAsync(http, function), function.Trigger["authLevel"] ?? "function", function.Name);
            _ = methods.Length > 0 ? routes.MapMethods(pattern, methods, serve) : routes.Map(pattern, serve);
        }
    }

    private async Task ServeAsync(HttpContext http, Function function)
    {
        if (http.Request.ContentLength > settings.RequestBodySizeLimit)
        {
            await RefuseAsync(http, StatusCodes.Status413PayloadTooLarge, TooLong);
            return;
        }

        try
        {
            await host.CallAsync(function.Name, new Dictionary<string, object> { [function.Trigger.Name] = http }, http.RequestAborted);
        }
        catch (FunctionInvocationException failed)
        {
            await AnswerFailureAsync(http, failed);
        }
    }

    /// <summary>The worker answers 200 for a function that threw; this says better, unless the answer is under way already.</summary>
    private Task AnswerFailureAsync(HttpContext http, FunctionInvocationException failed)
    {
        if (http.RequestAborted.IsCancellationRequested || http.Response.HasStarted)
            return Task.CompletedTask;
        if (failed.InnerException is BadHttpRequestException { StatusCode: var status })
            return RefuseAsync(http, status, status is StatusCodes.Status413PayloadTooLarge ? TooLong : "The body ended too early or cannot be read.");
        if (failed.InnerException is not WorkerLostException)
            return RefuseAsync(http, StatusCodes.Status500InternalServerError, "The function failed; the log says why.");
        return RefuseAsync(http, StatusCodes.Status503ServiceUnavailable, "The app's worker process is being started again.", retryAfter: "5");
    }

    private static Task RefuseAsync(HttpContext http, int status, string text, string? retryAfter = null)
    {
        http.Response.Clear();
        http.Response.Headers.RetryAfter = retryAfter;
        if (status is StatusCodes.Status413PayloadTooLarge)
            http.Response.Headers.Connection = "close";     // the rest of the body stays unread, so nothing can follow it
        return Results.Problem(text, statusCode: status).ExecuteAsync(http);
    }
}
