using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Tests.Sample;

public sealed record Order(string Customer, int[] Parts);

public sealed record Sum(string Customer, int Total);

/// <summary>Orchestrators, activities and a starter.</summary>
internal sealed class DurableSamples(ScopedService scoped, Journal journal)
{
    [Function("Start")]
    public static async Task<HttpResponseData> StartAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "start/{name}")] HttpRequestData request, [DurableClient] DurableTaskClient client, string name)
    {
        var id = await client.ScheduleNewOrchestrationInstanceAsync(name, await request.ReadFromJsonAsync<Order>());
        return await client.CreateCheckStatusResponseAsync(request, id);
    }

    [Function("Finish")]
    public static async Task<HttpResponseData> FinishAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "finish/{id}")] HttpRequestData request, [DurableClient] DurableTaskClient client, string id, int seconds = 30)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        return await client.WaitForCompletionOrCreateCheckStatusResponseAsync(
            request, id, TimeSpan.FromMilliseconds(50), returnInternalServerErrorOnFailure: true, getInputsAndOutputs: true, patience.Token);
    }

    [Function("Payload")]
    public static AspNetCore.Mvc.IActionResult Payload(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "payload/{id}")] AspNetCore.Http.HttpRequest request, [DurableClient] DurableTaskClient client, string id) =>
        new AspNetCore.Mvc.OkObjectResult(client.CreateHttpManagementPayload(id));

    [Function("AddUp")]
    public static async Task<Sum> AddUpAsync([OrchestrationTrigger] TaskOrchestrationContext context, Order order)
    {
        var log = context.CreateReplaySafeLogger<DurableSamples>();
        var squares = await Task.WhenAll(order.Parts.Select(part => context.CallActivityAsync<int>("Square", part)));
        log.LogInformation("added up once");
        context.SetCustomStatus("adding");
        return await context.CallSubOrchestratorAsync<Sum>("Close", new Sum(context.GetInput<Order>()!.Customer, squares.Sum()));
    }

    [Function("Close")]
    public static Task<Sum> CloseAsync([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync<Sum>("Note", context.GetInput<Sum>());

    [Function("Square")]
    public int Square([ActivityTrigger] int number, FunctionContext context)
    {
        journal.Write($"square {number} in scope {((ScopedService)context.InstanceServices.GetService(typeof(ScopedService))!).Id == scoped.Id}");
        return number * number;
    }

    [Function("Note")]
    public static Task<Sum> NoteAsync([ActivityTrigger] Sum sum, CancellationToken stop) => Task.FromResult(sum with { Customer = sum.Customer + (stop.CanBeCanceled ? "!" : "?") });

    [Function("AsInterface")]
    public static string AsInterface([OrchestrationTrigger] TaskOrchestrationContext context, IReadOnlyList<int>? numbers) =>
        $"{numbers is null} {string.Join(',', context.GetInput<List<int>>()!)}";

    [Function("Waits")]
    public static async Task<string> WaitsAsync([OrchestrationTrigger] TaskOrchestrationContext context) => "got " + await context.WaitForExternalEvent<string>("Go");

    [Function("Breaks")]
    public static async Task<string> BreaksAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        await context.CallActivityAsync("Break", "the cup");
        return "never";
    }

    [Function("Break")]
    public static void Break([ActivityTrigger] string what) => throw new InvalidDataException("broke " + what);
}
