using System.Net;
using LznPipeline.Orchestrations.Runs;
using LznPipeline.Orchestrations.Workflows;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LznPipeline.Orchestrations.Http;

/// <summary>
/// <c>DELETE /api/runs/{id}</c> or <c>POST /api/runs/{id}/cancel</c>: terminates the run, then cancels its jobs. What it has published stays.
/// </summary>
public static class CancelTraining
{
    [Function(nameof(CancelTraining))]
    public static Task<HttpResponseData> PostAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "runs/{id}/cancel")] HttpRequestData request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken stop) =>
        CancelAsync(request, id, client, stop);

    [Function("DeleteRun")]
    public static Task<HttpResponseData> DeleteAsync(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "runs/{id}")] HttpRequestData request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken stop) =>
        CancelAsync(request, id, client, stop);

    private static async Task<HttpResponseData> CancelAsync(HttpRequestData request, string id, DurableTaskClient client, CancellationToken stop)
    {
        if (!RunStarts.IsId(id) || await client.GetInstanceAsync(id, stop) is not { } run || run.Name != nameof(TrainWorkflow))
            return await request.NoSuchRunAsync(id, stop);
        if (run.RuntimeStatus is OrchestrationRuntimeStatus.Completed or OrchestrationRuntimeStatus.Failed)
            return await request.ProblemAsync(HttpStatusCode.Conflict, $"Run '{id}' is {run.RuntimeStatus}; there is nothing to cancel.", [], stop);

        if (run.RuntimeStatus is not OrchestrationRuntimeStatus.Terminated)
            await client.TerminateInstanceAsync(id, (object)"Cancelled by request.", stop);
        var cancellation = new StartOrchestrationOptions(CancelWorkflow.IdOf(id, TimeProvider.System.GetUtcNow()));
        await client.ScheduleNewOrchestrationInstanceAsync(nameof(CancelWorkflow), (object)id, cancellation, stop);
        return await request.AcceptedAsync(client, id, started: false, stop);
    }
}
