using System.Net;
using LznPipeline.Shared.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace LznPipeline.Orchestrations.Http;

/// <summary><c>GET /api/health</c>: 200 when storage answers, 503 with the reason when it does not. Needs no key.</summary>
public sealed class GetHealth(StoreHealth storage)
{
    [Function(nameof(GetHealth))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequestData request, CancellationToken stop) =>
        await storage.ProblemAsync(stop) is { } problem
            ? await request.AnswerAsync(HttpStatusCode.ServiceUnavailable, new Health("down", problem), stop)
            : await request.AnswerAsync(HttpStatusCode.OK, new Health("ok", "Storage answers."), stop);
}

/// <param name="Status"><c>ok</c> or <c>down</c>.</param>
public sealed record Health(string Status, string Storage);
