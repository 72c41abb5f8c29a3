using Lzn.Functions.Catalog;
using Lzn.Functions.Timers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Lzn.Functions.Web;

/// <summary>The host's own addresses: signs of life and manual runs.</summary>
internal static class HostEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        // A word without a reason: anybody may ask.
        endpoints.MapHealthChecks("/healthz");
        endpoints.MapHealthChecks("/healthz/ready"); // it listens, so all of it has started; whether it can work, the checks say
        endpoints.MapHealthChecks("/healthz/live", new HealthCheckOptions { Predicate = _ => false }); // the process answers: a restart would not mend storage
        endpoints.MapGet("/admin/host/status", StatusAsync);
        endpoints.MapPost("/admin/functions/{name}", Run);
    }

    private static async Task<IResult> StatusAsync(
        HttpRequest request, FunctionKeys keys, FunctionCatalog functions, Configuration.HostSettings settings, HealthCheckService checks)
    {
        if (!keys.Allow(request, AuthorizationLevel.Admin, string.Empty))
            return Results.Unauthorized();
        var health = await checks.CheckHealthAsync(request.HttpContext.RequestAborted).ConfigureAwait(false);
        return Results.Json(new
        {
            id = settings.HostId,
            state = "Running",
            version = typeof(FunctionAttribute).Assembly.GetName().Version?.ToString(),
            processId = Environment.ProcessId,
            functions = functions.Functions.Select(function => function.Name),
            health = health.Entries.ToDictionary(entry => entry.Key, entry => new { status = entry.Value.Status.ToString(), description = entry.Value.Description }),
        });
    }

    /// <summary>Runs a timer now; the answer does not wait for it.</summary>
    private static IResult Run(HttpRequest request, string name, FunctionKeys keys, FunctionCatalog functions)
    {
        if (!keys.Allow(request, AuthorizationLevel.Admin, string.Empty))
            return Results.Unauthorized();
        if (functions.Find(name) is not { } function)
            return Results.NotFound();
        if (function.Trigger is not TimerTriggerAttribute)
            return Results.BadRequest(new { Message = $"Function '{function.Name}' has trigger {FunctionDescriptor.TypeOf(function.Trigger)}. Only timers are run this way." });
        request.HttpContext.RequestServices.GetRequiredService<TimerService>().RunNow(function.Name);
        return Results.Accepted();
    }
}
