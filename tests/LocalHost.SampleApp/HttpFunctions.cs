using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace LocalHost.SampleApp;

internal sealed class HttpFunctions(Notes notes)
{
    /// <summary>Says what arrived.</summary>
    [Function(nameof(Echo))]
    public static async Task<IResult> Echo(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", "put", Route = "echo/{name}")] HttpRequest request, string name, FunctionContext context)
    {
        using var body = new StreamReader(request.Body);
        var text = await body.ReadToEndAsync(context.CancellationToken);
        request.HttpContext.Response.Headers["x-answer"] = request.Headers["x-question"];
        return Results.Json(
            new Echoed(
                request.Method,
                name,
                request.QueryString.Value,
                text.Length,
                request.Headers["x-question"],
                context.TraceContext.TraceParent,
                Environment.ProcessId),
            statusCode: 202);
    }

    [Function(nameof(Throw))]
    public static IResult Throw([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
        throw new InvalidOperationException($"{request.Path} is the secret of this function");

    [Function(nameof(Hold))]
    public async Task<IResult> Hold(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "hold/{name}")] HttpRequest request, string name, CancellationToken stop)
    {
        await notes.HoldAsync(name, stop);
        return Results.Text(request.Method);
    }

    [Function(nameof(ForCallers))]
    public static IResult ForCallers([HttpTrigger(AuthorizationLevel.Function, "get")] HttpRequest request) => Results.Text(request.Method);

    [Function(nameof(ForAdministrators))]
    public static IResult ForAdministrators([HttpTrigger(AuthorizationLevel.Admin, "get")] HttpRequest request) => Results.Text(request.Method);

    /// <summary>Starts an orchestration with the body as its input; answers with its id and links.</summary>
    [Function(nameof(Start))]
    public static async Task<IResult> Start(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "start/{orchestration}")] HttpRequest request,
        string orchestration,
        [DurableClient] DurableTaskClient client,
        CancellationToken stop)
    {
        var input = await request.ReadFromJsonAsync<string>(stop);
        var id = await client.ScheduleNewOrchestrationInstanceAsync(orchestration, input, stop);
        return Results.Json(client.CreateHttpManagementPayload(id));
    }

    private sealed record Echoed(string Method, string Name, string? Query, int Length, string? Question, string Trace, int ProcessId);
}
