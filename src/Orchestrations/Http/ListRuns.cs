using System.Net;
using LznPipeline.Orchestrations.Runs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask.Client;

namespace LznPipeline.Orchestrations.Http;

/// <summary><c>GET /api/runs</c>: all training runs, newest first.</summary>
public static class ListRuns
{
    [Function(nameof(ListRuns))]
    public static async Task<HttpResponseData> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs")] HttpRequestData request,
        [DurableClient] DurableTaskClient client,
        CancellationToken stop) =>
        await request.AnswerAsync(HttpStatusCode.OK, await RunReader.ListAsync(client, stop), stop);
}
