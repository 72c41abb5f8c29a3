using System.Collections.Immutable;
using LznPipeline.LocalHost.Functions;
using LznPipeline.LocalHost.Protocol;
using LznPipeline.LocalHost.Settings;
using LznPipeline.LocalHost.Storage;
using LznPipeline.LocalHost.Timers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.Timers;
using Microsoft.Extensions.Logging;

namespace LznPipeline.LocalHost.Http;

/// <summary>The host's own addresses: signs of life, and timers started by hand.</summary>
internal sealed class HostRoutes(LanguageWorker worker, StorageWatch storage, Keys keys, HostSettings settings, IJobHost host, ILogger<HostRoutes> log)
{
    internal void Map(IEndpointRouteBuilder routes, ImmutableArray<Function> functions)
    {
        routes.MapGet("/healthz/live", () => "Healthy");        // the process answers: a restart would not mend storage
        routes.MapGet("/healthz/ready", ReadyAsync);
        routes.MapGet("/admin/host/status", keys.Guard(async http => await Results.Json(new
        {
            id = settings.HostId,
            state = worker.IsReady ? "Running" : "WorkerRestarting",
            processId = Environment.ProcessId,
            functions = functions.Select(function => function.Name),
            storage = await storage.ProbeAsync(http.RequestAborted) ?? "answers",
        }).ExecuteAsync(http), "admin"));
        routes.MapPost("/admin/functions/{name}", keys.Guard(http => Start(functions, $"{http.Request.RouteValues["name"]}").ExecuteAsync(http), "admin"));
    }

    /// <summary>Ready is who has a worker and whose storage answers a short question.</summary>
    private async Task<IResult> ReadyAsync(CancellationToken stop)
    {
        var problem = worker.IsReady ? await storage.ProbeAsync(stop) : "The worker is being started again.";
        return problem is null ? Results.Text("Healthy") : Results.Text($"Unhealthy: {problem}", statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    /// <summary>Runs a timer now; the answer does not wait for it.</summary>
    private IResult Start(ImmutableArray<Function> functions, string name)
    {
        if (functions.FirstOrDefault(each => string.Equals(each.Name, name, StringComparison.OrdinalIgnoreCase)) is not { } function)
            return Results.NotFound(new { message = $"There is no function '{name}'. Timers: {Timers(functions)}." });
        if (function.Trigger.Type is not Triggers.Timer)
            return Results.BadRequest(
                new { message = $"Function '{function.Name}' has trigger {function.Trigger.Type}. Only timers are run this way: {Timers(functions)}." });
        _ = RunAsync(function);
        return Results.Accepted();
    }

    private async Task RunAsync(Function function)
    {
        try
        {
            var timer = new TimerInfo(new ConstantSchedule(TimeSpan.FromDays(1)), new ScheduleStatus(), isPastDue: false);
            TimerLocks.StartByHand();
            await host.CallAsync(function.Name, new Dictionary<string, object> { [function.Trigger.Name] = timer });
        }
        catch (Exception failed)
        {
            log.TimerFailed(function.Name, failed.GetBaseException().Message);
        }
    }

    private static string Timers(ImmutableArray<Function> functions) =>
        string.Join(", ", functions.Where(function => function.Trigger.Type is Triggers.Timer).Select(function => function.Name));
}
