using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using LznPipeline.Shared;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Requests;
using LznPipeline.Shared.Runs;

namespace LznPipeline.Cli.Api;

/// <summary>The pipeline's HTTP interface.</summary>
public sealed class PipelineClient(Uri url) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = url, Timeout = TimeSpan.FromSeconds(100) };

    public Uri Url => url;

    /// <summary>Posts a training request. The same request always gives the same run.</summary>
    /// <returns>Which run that is, and whether it was there before.</returns>
    /// <exception cref="CliException">It was refused; the message lists every wrong field.</exception>
    public Task<RunAnswer> TrainAsync(TrainRequest request, CancellationToken stop) => TrainAsync(JsonSerializer.Serialize(request, LznJson.Options), stop);

    /// <summary>Posts a training request as it is.</summary>
    public async Task<RunAnswer> TrainAsync(string json, CancellationToken stop)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await SendAsync(() => _http.PostAsync(new Uri("api/train", UriKind.Relative), body, stop));
        return await ReadAsync<RunAnswer>(response, stop);
    }

    public async Task<RunSummary[]> RunsAsync(CancellationToken stop) =>
        await GetAsync<RunSummary[]>("api/runs", stop) ?? throw new CliException($"{url} has no list of runs. Is it the pipeline's function host?");

    /// <summary>A run with all its steps.</summary>
    public async Task<RunDetail> RunAsync(string run, CancellationToken stop) =>
        await FindRunAsync(run, stop) ?? throw new CliException($"There is no run '{run}' at {url}. './lzn runs' lists them.");

    public Task<RunDetail?> FindRunAsync(string run, CancellationToken stop) => GetAsync<RunDetail>($"api/runs/{Uri.EscapeDataString(run)}", stop);

    /// <summary>Cancels a run and the jobs it has started.</summary>
    public async Task CancelAsync(string run, CancellationToken stop)
    {
        using var response = await SendAsync(
            () => _http.PostAsync(new Uri($"api/runs/{Uri.EscapeDataString(run)}/cancel", UriKind.Relative), content: null, stop));
        if (response.StatusCode is HttpStatusCode.NotFound)
            throw new CliException($"There is no run '{run}' at {url}. './lzn runs' lists them.");
        if (!response.IsSuccessStatusCode)
            throw new CliException(await ProblemAsync(response, stop));
    }

    public void Dispose() => _http.Dispose();

    private async Task<T?> GetAsync<T>(string path, CancellationToken stop)
        where T : class
    {
        using var response = await SendAsync(() => _http.GetAsync(new Uri(path, UriKind.Relative), stop));
        return response.StatusCode is HttpStatusCode.NotFound ? null : await ReadAsync<T>(response, stop);
    }

    private async Task<HttpResponseMessage> SendAsync(Func<Task<HttpResponseMessage>> send)
    {
        try
        {
            return await send();
        }
        catch (HttpRequestException unreachable)
        {
            throw new CliException($"Nothing answers at {url}: {unreachable.Message} Is ./lzn up still running?", unreachable);
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, CancellationToken stop)
        where T : class
    {
        if (!response.IsSuccessStatusCode)
            throw new CliException(await ProblemAsync(response, stop));
        var answer = await response.Content.ReadAsStringAsync(stop);
        try
        {
            return JsonSerializer.Deserialize<T>(answer, LznJson.Options) ?? throw new JsonException("It is null.");
        }
        catch (JsonException other)
        {
            throw new CliException($"The answer is not the pipeline's ({other.Message}): {answer} Are address and version right?", other);
        }
    }

    /// <summary>A refusal for people: its title and every field that is wrong.</summary>
    private static async Task<string> ProblemAsync(HttpResponseMessage response, CancellationToken stop)
    {
        var text = await response.Content.ReadAsStringAsync(stop);
        if (response.Content.Headers.ContentType?.MediaType is not "application/problem+json" || JsonNode.Parse(text) is not JsonObject refusal)
            return $"The pipeline answered {(int)response.StatusCode} {response.ReasonPhrase}: {text}";
        var problems = refusal["problems"].Deserialize<Problem[]>(LznJson.Options) ?? [];
        return string.Join(
            Environment.NewLine, [(string?)refusal["title"] ?? "The pipeline refused the request.", .. problems.Select(problem => $"  {problem}")]);
    }
}
