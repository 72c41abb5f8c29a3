using System.Net;
using Lzn.Functions;
using Lzn.Functions.Durable;
using Lzn.Functions.Management;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask.Client;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Answers that tell a caller where to watch and steer an orchestration.</summary>
public static class DurableTaskClientExtensions
{
    /// <summary>202 with a Location header and the management addresses as body.</summary>
    public static Task<HttpResponseData> CreateCheckStatusResponseAsync(
        this DurableTaskClient client, HttpRequestData request, string instanceId, CancellationToken cancellation = default) =>
        client.CreateCheckStatusResponseAsync(request, instanceId, HttpStatusCode.Accepted, cancellation);

    /// <inheritdoc cref="CreateCheckStatusResponseAsync(DurableTaskClient, HttpRequestData, string, CancellationToken)"/>
    public static async Task<HttpResponseData> CreateCheckStatusResponseAsync(
        this DurableTaskClient client, HttpRequestData request, string instanceId, HttpStatusCode statusCode, CancellationToken cancellation = default)
    {
        var (response, payload) = Prepare(client, request, instanceId, statusCode);
        await request.FunctionContext.Serializer().SerializeAsync(response.Body, payload, typeof(HttpManagementPayload), cancellation).ConfigureAwait(false);
        return response;
    }

    /// <summary>Refused by the server, which takes asynchronous writes only; prefer the asynchronous form.</summary>
    public static HttpResponseData CreateCheckStatusResponse(
        this DurableTaskClient client, HttpRequestData request, string instanceId, CancellationToken cancellation = default) =>
        client.CreateCheckStatusResponse(request, instanceId, HttpStatusCode.Accepted, cancellation);

    /// <inheritdoc cref="CreateCheckStatusResponse(DurableTaskClient, HttpRequestData, string, CancellationToken)"/>
    public static HttpResponseData CreateCheckStatusResponse(
        this DurableTaskClient client, HttpRequestData request, string instanceId, HttpStatusCode statusCode, CancellationToken cancellation = default)
    {
        var (response, payload) = Prepare(client, request, instanceId, statusCode);
        request.FunctionContext.Serializer().Serialize(response.Body, payload, typeof(HttpManagementPayload), cancellation);
        return response;
    }

    /// <summary>The management addresses, on the host the request came to or else on this one.</summary>
    /// <exception cref="InvalidOperationException">Neither a request nor the host tells an address.</exception>
    public static HttpManagementPayload CreateHttpManagementPayload(this DurableTaskClient client, string instanceId, HttpRequestData? request = null) =>
        Urls(client, instanceId, request).Payload;

    /// <summary>Waits for the instance to end: then 200 with its state, 500 for a failed one if so wished. When the token ends the wait first, the check-status answer.</summary>
    /// <param name="retryInterval">Pause between looks at the state; one second when absent.</param>
    public static async Task<HttpResponseData> WaitForCompletionOrCreateCheckStatusResponseAsync(
        this DurableTaskClient client,
        HttpRequestData request,
        string instanceId,
        TimeSpan? retryInterval = null,
        bool returnInternalServerErrorOnFailure = false,
        bool getInputsAndOutputs = false,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            while (true)
            {
                if (await client.GetInstanceAsync(instanceId, getInputsAndOutputs, cancellation).ConfigureAwait(false) is { } state && state.IsFinished())
                    return await FinishedAsync(request, state, returnInternalServerErrorOnFailure).ConfigureAwait(false);
                await Task.Delay(retryInterval ?? TimeSpan.FromSeconds(1), cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return await client.CreateCheckStatusResponseAsync(request, instanceId, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private static async Task<HttpResponseData> FinishedAsync(HttpRequestData request, OrchestrationMetadata state, bool errorOnFailure)
    {
        var failed = state.RuntimeStatus == OrchestrationRuntimeStatus.Failed;
        var response = request.CreateResponse(failed && errorOnFailure ? HttpStatusCode.InternalServerError : HttpStatusCode.OK);
        await response.WriteAsJsonAsync(new
        {
            state.Name,
            state.InstanceId,
            state.CreatedAt,
            state.LastUpdatedAt,
            RuntimeStatus = state.RuntimeStatus.ToString(),
            state.SerializedInput,
            state.SerializedOutput,
            state.SerializedCustomStatus,
        }).ConfigureAwait(false);
        return response;
    }

    private static (HttpResponseData Response, HttpManagementPayload Payload) Prepare(
        DurableTaskClient client, HttpRequestData request, string instanceId, HttpStatusCode statusCode)
    {
        ArgumentNullException.ThrowIfNull(request);
        var urls = Urls(client, instanceId, request);
        var response = request.CreateResponse(statusCode);
        response.Headers.Add("Location", urls.Status);
        response.Headers.Add("Content-Type", "application/json");
        return (response, urls.Payload);
    }

    private static ManagementUrls Urls(DurableTaskClient client, string instanceId, HttpRequestData? request)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        var hub = client as HubClient;
        var baseUrl = request is null ? hub?.BaseUrl : request.Url.GetLeftPart(UriPartial.Authority) + DurableClients.Path;
        return new ManagementUrls(
            baseUrl ?? throw new InvalidOperationException("The address of the management API is not known: pass the request, or use a client that came from [DurableClient]."),
            instanceId,
            hub?.QueryString ?? string.Empty);
    }
}
