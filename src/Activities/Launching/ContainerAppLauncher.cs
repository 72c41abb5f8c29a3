using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using LznPipeline.Activities.Options;

namespace LznPipeline.Activities.Launching;

/// <summary>
/// Runs each job as an execution of an Azure Container Apps job, through the resource manager's REST API. The handle is the execution's name.
/// </summary>
/// <remarks>
/// The Container Apps job holds image, size, identity and settings; a start gives it other arguments only. A start's template replaces the job's own whole,
/// so the job's container is read first and sent back with our arguments.
/// </remarks>
internal sealed class ContainerAppLauncher(HttpPipeline pipeline, ContainerAppOptions options) : IGpuJobLauncher
{
    private const string ApiVersion = "2024-03-01";

    private static readonly TimeSpan AcceptedPause = TimeSpan.FromSeconds(1);

    public TimeSpan PollEvery { get; } = TimeSpan.FromSeconds(15);

    public async Task<string?> LaunchAsync(JobLaunch launch, CancellationToken stop)
    {
        var job = await SendAsync(RequestMethod.Get, string.Empty, content: null, stop)
            ?? throw new InvalidOperationException($"There is no Container Apps job '{options.Job}' in resource group '{options.ResourceGroup}'.");
        var container = job["properties"]?["template"]?["containers"]?[0]?.DeepClone()
            ?? throw new InvalidOperationException($"Container Apps job '{options.Job}' has no container.");
        container["args"] = new JsonArray([.. launch.Arguments.Select(argument => (JsonNode)argument)]);
        var execution = await SendAsync(RequestMethod.Post, "/start", new JsonObject { ["containers"] = new JsonArray(container) }, stop);
        return execution?["name"]?.GetValue<string>()
            ?? throw new InvalidOperationException("Azure Container Apps started the job, but did not say under which name.");
    }

    public async Task<bool> IsAliveAsync(string handle, CancellationToken stop) =>
        (await SendAsync(RequestMethod.Get, $"/executions/{handle}", content: null, stop))?["properties"]?["status"]?.GetValue<string>()
            is not (null or "Failed" or "Succeeded" or "Stopped" or "Degraded");

    public Task StopAsync(string handle, CancellationToken stop) => SendAsync(RequestMethod.Post, $"/executions/{handle}/stop", content: null, stop);

    public Task<string> LastWordsAsync(string handle, CancellationToken stop) =>
        Task.FromResult($"Its console is in the job's log workspace, execution {handle}.");

    /// <param name="path">Below the job's own address.</param>
    private Task<JsonNode?> SendAsync(RequestMethod method, string path, JsonNode? content, CancellationToken stop) => SendAsync(
        method,
        new Uri(
            options.Endpoint,
            $"subscriptions/{options.SubscriptionId}/resourceGroups/{options.ResourceGroup}"
            + $"/providers/Microsoft.App/jobs/{options.Job}{path}?api-version={ApiVersion}"),
        content,
        stop);

    /// <returns>The answer's JSON; null when there is none, or no such thing (404).</returns>
    /// <exception cref="RequestFailedException">Azure refused.</exception>
    private async Task<JsonNode?> SendAsync(RequestMethod method, Uri address, JsonNode? content, CancellationToken stop)
    {
        using var message = pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(address);
        if (content is not null)
        {
            message.Request.Headers.Add(HttpHeader.Common.JsonContentType);
            message.Request.Content = RequestContent.Create(JsonSerializer.SerializeToUtf8Bytes(content));
        }

        await pipeline.SendAsync(message, stop);
        if (message.Response.Status == 404)
            return null;
        if (message.Response.IsError)
            throw new RequestFailedException(message.Response);
        if (!message.Response.Content.ToMemory().IsEmpty)
            return JsonNode.Parse(message.Response.Content);
        if (message.Response.Status != 202 || !message.Response.Headers.TryGetValue("Location", out var later))
            return null;
        await Task.Delay(AcceptedPause, stop);      // accepted, and answered at another address when it is done
        return await SendAsync(RequestMethod.Get, new Uri(options.Endpoint, later), content: null, stop);
    }
}
