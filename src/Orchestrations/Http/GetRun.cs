using System.Net;
using LznPipeline.Orchestrations.Runs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask.Client;

namespace LznPipeline.Orchestrations.Http;

/// <summary><c>GET /api/runs/{id}</c>: a run with its steps, their progress, and its result or failure.</summary>
public sealed class GetRun(RunReader runs)
{
    [Function(nameof(GetRun))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs/{id}")] HttpRequestData request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken stop) =>
        RunStarts.IsId(id) && await runs.FindAsync(client, id, stop) is { } run
            ? await request.AnswerAsync(HttpStatusCode.OK, run, stop)
            : await request.NoSuchRunAsync(id, stop);
}
