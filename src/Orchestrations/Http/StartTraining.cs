using System.Net;
using LznPipeline.Activities.Edge;
using LznPipeline.Orchestrations.Runs;
using LznPipeline.Orchestrations.Workflows;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Requests;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace LznPipeline.Orchestrations.Http;

/// <summary><c>POST /api/train</c>. The run's id is a hash of the request: the same request always means the same run.</summary>
public sealed class StartTraining(ILogger<StartTraining> log)
{
    [Function(nameof(StartTraining))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "train")] HttpRequestData request,
        [DurableClient] DurableTaskClient client,
        CancellationToken stop)
    {
        TrainRequest training;
        try
        {
            training = await ReadAsync(request, stop);
        }
        catch (OptionsException wrong)
        {
            return await request.ProblemAsync(HttpStatusCode.BadRequest, "The training request cannot be run as it is.", wrong.Problems, stop);
        }

        var runId = training.RunId();
        if (await client.StartOnceAsync(nameof(TrainWorkflow), runId, training, stop))
            log.RunStarted(runId);
        else
            log.RunIsThere(runId);
        return await client.CreateCheckStatusResponseAsync(request, runId, stop);
    }

    private static async Task<TrainRequest> ReadAsync(HttpRequestData request, CancellationToken stop)
    {
        var training = TrainRequest.Parse(await ReadBodyAsync(request.Body, stop));
        _ = training.Validate();
        return training;
    }

    /// <remarks>The request travels through histories, so it has their limit.</remarks>
    private static async Task<string> ReadBodyAsync(Stream body, CancellationToken stop)
    {
        var buffer = new byte[ActivityEdge.MaxPayloadBytes + 1];
        var length = await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, stop);
        return length < buffer.Length
            ? System.Text.Encoding.UTF8.GetString(buffer, 0, length)
            : throw new OptionsException("body", $"more than {ActivityEdge.MaxPayloadBytes} bytes", $"at most {ActivityEdge.MaxPayloadBytes} bytes");
    }
}
