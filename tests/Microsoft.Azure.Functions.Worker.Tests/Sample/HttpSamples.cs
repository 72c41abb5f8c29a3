using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker.Http;
using FromBodyAttribute = Microsoft.Azure.Functions.Worker.Http.FromBodyAttribute;

namespace Microsoft.Azure.Functions.Worker.Tests.Sample;

public sealed record Item(int Id, string Name);

/// <summary>HTTP functions: one for each way to bind and to answer.</summary>
internal sealed class HttpSamples(ScopedService scoped, Journal journal)
{
    [Function("Action")]
    public IActionResult Action([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => new OkObjectResult(new Item(1, "one"));

    [Function("Result")]
    public static IResult Result([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => Results.Json(new Item(2, "two"), statusCode: 201);

    [Function("Data")]
    public static async Task<HttpResponseData> DataAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequestData request)
    {
        var response = request.CreateResponse(HttpStatusCode.Created);
        response.Headers.Add("x-answer", ["a", "b"]);
        response.Cookies.Append(new HttpCookie("crumb", "1") { HttpOnly = true, SameSite = SameSite.Strict });
        await response.WriteAsJsonAsync(new Item(3, request.Query["name"] ?? "three"));
        return response;
    }

    [Function("Text")]
    public static async Task<HttpResponseData> TextAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequestData request)
    {
        var response = request.CreateResponse();
        await response.WriteStringAsync($"{request.Method} {request.Url.AbsolutePath} {request.Headers.GetValues("x-note").Single()} {await request.ReadAsStringAsync()}");
        return response;
    }

    [Function("Several")]
    public static Outputs Several([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => new() { Answer = new StatusCodeResult(418), Note = "kept" };

    [Function("Sync")]
    public static HttpResponseData Sync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequestData request)
    {
        var response = request.CreateResponse();
        response.WriteString("too late");
        return response;
    }

    [Function("Item")]
    public static IActionResult One([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "items/{id:int}/{part?}")] HttpRequest request, int id, string? part, int times = 7) =>
        new OkObjectResult(new { id, part, times });

    [Function("Bound")]
    public static IActionResult Bound([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request, Guid key, DateTime? at, string name, int[] sizes) =>
        new OkObjectResult(new { key, at, name, sizes });

    [Function("Body")]
    public static IActionResult Body([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request, [FromBody] Item item) => new OkObjectResult(item);

    [Function("Scope")]
    public IActionResult Scope([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, FunctionContext context) => new OkObjectResult(new
    {
        injected = scoped.Id,
        instance = ((ScopedService)context.InstanceServices.GetService(typeof(ScopedService))!).Id,
        request = ((ScopedService)request.HttpContext.RequestServices.GetService(typeof(ScopedService))!).Id,
        same = ReferenceEquals(context.GetHttpContext(), request.HttpContext),
    });

    [Function("Implicit")]
    public static IActionResult Implicit([HttpTrigger("get")] HttpRequest request) => new OkResult();

    [Function("Keyed")]
    public static IActionResult Keyed([HttpTrigger(AuthorizationLevel.Function, "get")] HttpRequest request) => new OkResult();

    [Function("AdminOnly")]
    public static IActionResult AdminOnly([HttpTrigger(AuthorizationLevel.Admin, "get")] HttpRequest request) => new OkResult();

    [Function("Throws")]
    public static IActionResult Throws([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => throw new InvalidDataException("inner secret");

    [Function("Poco")]
    public static Item Poco([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => new(9, "nobody writes me");

    [Function("Waits")]
    public async Task<IActionResult> WaitsAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, FunctionContext context, CancellationToken stop)
    {
        journal.Write("waiting");
        try
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            journal.Write("cancelled " + stop.IsCancellationRequested);
        }

        return new OkResult();
    }

    [Function("Length")]
    public static async Task<IActionResult> LengthAsync([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request)
    {
        using var copy = new MemoryStream();
        await request.Body.CopyToAsync(copy);
        return new OkObjectResult(copy.Length);
    }

    public sealed class Outputs
    {
        [HttpResult]
        public required IActionResult Answer { get; init; }

        public required string Note { get; init; }
    }
}
