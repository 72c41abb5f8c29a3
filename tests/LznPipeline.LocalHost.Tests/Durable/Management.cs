using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LznPipeline.Testing;

namespace LznPipeline.LocalHost.Tests.Durable;

/// <summary>The durable extension's HTTP API, as its clients use it.</summary>
internal sealed class Management(HttpClient client, string? key = null)
{
    private const string Root = "runtime/webhooks/durabletask";

    /// <returns>The new instance's id.</returns>
    internal async Task<string> StartAsync(string orchestration, string input = "")
    {
        using var started = await SendAsync(HttpMethod.Post, $"orchestrators/{orchestration}", input);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        return (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;        // the API always names it
    }

    /// <summary>Waits until an instance has this status.</summary>
    /// <returns>What the API then tells of it.</returns>
    internal Task<JsonElement> WaitAsync(string id, string status) => Eventually.BecomesAsync(
        async () =>
        {
            using var answer = await SendAsync(HttpMethod.Get, $"instances/{id}");
            return await answer.Content.ReadFromJsonAsync<JsonElement>();
        },
        state => state.GetProperty("runtimeStatus").GetString() == status);

    internal async Task<JsonElement> RunAsync(string orchestration, string input = "") =>
        (await WaitAsync(await StartAsync(orchestration, input), "Completed")).GetProperty("output");

    internal async Task<HttpStatusCode> CallAsync(HttpMethod method, string path, object? body = null)
    {
        using var answer = await SendAsync(method, path, body);
        return answer.StatusCode;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, $"{Root}/{path}") { Content = body is null ? null : JsonContent.Create(body) };
        if (key is not null)
            request.Headers.Add("x-functions-key", key);
        return await client.SendAsync(request);
    }
}
