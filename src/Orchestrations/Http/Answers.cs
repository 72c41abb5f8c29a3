using System.Net;
using System.Text;
using System.Text.Json;
using LznPipeline.Shared;
using LznPipeline.Shared.Options;
using Microsoft.Azure.Functions.Worker.Http;

namespace LznPipeline.Orchestrations.Http;

/// <summary>What the HTTP functions answer with.</summary>
internal static class Answers
{
    internal static Task<HttpResponseData> AnswerAsync<T>(this HttpRequestData request, HttpStatusCode status, T body, CancellationToken stop) =>
        request.AnswerAsync(status, body, "application/json; charset=utf-8", stop);

    /// <summary>A refusal in the form of RFC 9457, with every field that is wrong.</summary>
    internal static Task<HttpResponseData> ProblemAsync(
        this HttpRequestData request, HttpStatusCode status, string title, IReadOnlyList<Problem> problems, CancellationToken stop) =>
        request.AnswerAsync(status, new Refusal((int)status, title, problems), "application/problem+json; charset=utf-8", stop);

    internal static Task<HttpResponseData> NoSuchRunAsync(this HttpRequestData request, string id, CancellationToken stop) =>
        request.ProblemAsync(HttpStatusCode.NotFound, $"There is no run '{id}'. GET /api/runs lists all runs.", [], stop);

    private static async Task<HttpResponseData> AnswerAsync<T>(
        this HttpRequestData request, HttpStatusCode status, T body, string contentType, CancellationToken stop)
    {
        var response = request.CreateResponse(status);
        response.Headers.Add("Content-Type", contentType);
        await response.WriteStringAsync(JsonSerializer.Serialize(body, LznJson.Readable), stop, Encoding.UTF8);
        return response;
    }

    private sealed record Refusal(int Status, string Title, IReadOnlyList<Problem> Problems);
}
