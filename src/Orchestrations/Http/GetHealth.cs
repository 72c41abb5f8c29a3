using System.Net;
using LznPipeline.Shared.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;

namespace LznPipeline.Orchestrations.Http;

/// <summary><c>GET /api/health</c>: 200 when storage answers, 503 with the reason when it does not. Needs no key.</summary>
public sealed class GetHealth(ArtifactStore store)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Function(nameof(GetHealth))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequestData request, CancellationToken stop)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(Patience);
        try
        {
            await store.LengthAsync("health", deadline.Token);      // whether it is there does not matter; that somebody answers does
            return await request.AnswerAsync(HttpStatusCode.OK, new Health("ok", "Storage answers."), stop);
        }
        catch (Exception silent) when (!stop.IsCancellationRequested)
        {
            return await request.AnswerAsync(
                HttpStatusCode.ServiceUnavailable, new Health("down", $"Storage does not answer: {silent.GetBaseException().Message}"), stop);
        }
    }
}

/// <param name="Status"><c>ok</c> or <c>down</c>.</param>
public sealed record Health(string Status, string Storage);
