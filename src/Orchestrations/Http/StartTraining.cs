using System.Net;
using System.Text;
using LznPipeline.Activities.Edge;
using LznPipeline.Activities.Planning;
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
public sealed class StartTraining(SourceCheck sources, ILogger<StartTraining> log)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    [Function(nameof(StartTraining))]
    public async Task<HttpResponseData> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "train")] HttpRequestData request,
        [DurableClient] DurableTaskClient client,
        CancellationToken stop)
    {
        if (!request.IsJson())
            return await request.NotJsonAsync(stop);
        TrainRequest training;
        try
        {
            training = await ReadAsync(request, stop);
            if (!await client.IsThereAsync(training.RunId(), stop))     // an earlier run is shown also when its source is gone by now
                await sources.ThrowUnlessReadableAsync(training, stop);
        }
        catch (OptionsException wrong)
        {
            return await request.ProblemAsync(HttpStatusCode.BadRequest, "The training request cannot be run as it is.", wrong.Problems, stop);
        }

        var runId = training.RunId();
        var started = await client.StartOnceAsync(nameof(TrainWorkflow), runId, training, stop);
        if (started)
            log.RunStarted(runId);
        else
            log.RunIsThere(runId);
        return await request.AcceptedAsync(client, runId, started, stop);
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
        if (length == buffer.Length)
            throw new OptionsException("body", $"more than {ActivityEdge.MaxPayloadBytes} bytes", $"at most {ActivityEdge.MaxPayloadBytes} bytes");
        try
        {
            return Utf8.GetString(buffer, 0, length).TrimStart('\uFEFF');      // editors of Windows begin files with a byte order mark
        }
        catch (DecoderFallbackException wrong)
        {
            throw new OptionsException("body", $"text that is not UTF-8 (at byte {wrong.Index})", "one JSON object in UTF-8");
        }
    }
}
