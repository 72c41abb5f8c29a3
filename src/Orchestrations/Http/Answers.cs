using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LznPipeline.Shared;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Runs;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.DurableTask.Client;

namespace LznPipeline.Orchestrations.Http;

/// <summary>What the HTTP functions answer with.</summary>
internal static class Answers
{
    private const string Json = "application/json; charset=utf-8";

    internal static Task<HttpResponseData> AnswerAsync<T>(this HttpRequestData request, HttpStatusCode status, T body, CancellationToken stop) =>
        request.AnswerAsync(status, body, Json, [], stop);

    /// <summary>A refusal in the form of RFC 9457, with every field that is wrong.</summary>
    internal static Task<HttpResponseData> ProblemAsync(
        this HttpRequestData request, HttpStatusCode status, string title, IReadOnlyList<Problem> problems, CancellationToken stop,
        params (string Name, string Value)[] headers) =>
        request.AnswerAsync(status, new Refusal((int)status, title, problems), "application/problem+json; charset=utf-8", headers, stop);

    internal static Task<HttpResponseData> NoSuchRunAsync(this HttpRequestData request, string id, CancellationToken stop) =>
        request.ProblemAsync(HttpStatusCode.NotFound, $"There is no run '{id}'. GET /api/runs lists all runs.", [], stop);

    /// <summary>A page of another site can post anything but JSON without asking, so nothing else is taken.</summary>
    internal static bool IsJson(this HttpRequestData request) =>
        request.Headers.TryGetValues("Content-Type", out var given) && MediaTypeHeaderValue.TryParse(given.FirstOrDefault(), out var type)
        && type.MediaType is "application/json";

    internal static Task<HttpResponseData> NotJsonAsync(this HttpRequestData request, CancellationToken stop) =>
        request.ProblemAsync(HttpStatusCode.UnsupportedMediaType, "The body must be JSON. Send the header 'Content-Type: application/json'.", [], stop);

    /// <summary>202, with the address to ask for the run, and no key in it: whoever may use it has one.</summary>
    internal static async Task<HttpResponseData> AcceptedAsync(
        this HttpRequestData request, DurableTaskClient client, string runId, bool started, CancellationToken stop)
    {
        var run = await client.GetInstanceAsync(runId, stop) ?? throw new InvalidOperationException($"Run '{runId}' is gone.");
        var body = new RunAnswer(runId, $"{run.RuntimeStatus}", started, run.CreatedAt);
        return await request.AnswerAsync(HttpStatusCode.Accepted, body, Json, [("Location", $"/api/runs/{runId}"), ("Retry-After", "5")], stop);
    }

    private static async Task<HttpResponseData> AnswerAsync<T>(
        this HttpRequestData request, HttpStatusCode status, T body, string contentType, (string Name, string Value)[] headers, CancellationToken stop)
    {
        var response = request.CreateResponse(status);
        foreach (var (name, value) in headers)
            response.Headers.Add(name, value);
        response.Headers.Add("Content-Type", contentType);
        await response.WriteStringAsync(JsonSerializer.Serialize(body, LznJson.Readable), stop, Encoding.UTF8);
        return response;
    }

    private sealed record Refusal(int Status, string Title, IReadOnlyList<Problem> Problems);
}
