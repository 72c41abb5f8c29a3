using System.Net;
using System.Text;
using System.Text.Json;
using LznPipeline.Orchestrations.Tests.FakeJobs;
using LznPipeline.Orchestrations.Tests.Hosting;
using LznPipeline.Testing;

namespace LznPipeline.Orchestrations.Tests.Http;

[Collection(OneHostAtATime.Name)]
public sealed class StartTrainingTests(AzuriteFixture azurite, SharedPipelineHost shared)
    : IClassFixture<AzuriteFixture>, IClassFixture<SharedPipelineHost>, IDisposable
{
    private readonly FakeSource _source = FakeSource.Create();
    private readonly string _name = azurite.NewPrefix();

    private PipelineHost Host => shared.Host;

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_source.Images)!, recursive: true);

    [Theory]
    [InlineData("""{ "name": "a", "dataset": { "name": "a", "source": "/x" }, "preset": "case9" }""", "preset", "'case9'")]
    [InlineData("""{ "name": "a", "dataset": { "name": "a", "source": "/x" }, "seed": "first" }""", "seed", "\"first\"")]
    [InlineData("""{ "name": "a", "dataset": { "name": "a", "source": "/x" }, "set": { "training.batchSize": -1 } }""", "training.batchSize", "-1")]
    [InlineData("""{ "name": "a", "dataset": { "name": "a", "source": "/x" }, "colour": "red" }""", "colour", "\"red\"")]
    [InlineData("""{ "name": "A b", "dataset": { "name": "a", "source": "/x" } }""", "name", "'A b'")]
    [InlineData("""{ "name": "a" """, "body", "text that is not JSON")]
    public async Task Post_WrongRequest_Is400WithFieldAndGivenAndAllowed(string body, string field, string given)
    {
        var before = await ListRunsAsync();

        using var answer = await PostAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var refusal = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(400, refusal.GetProperty("status").GetInt32());
        Assert.NotEmpty(refusal.GetProperty("title").GetString()!);
        var problem = Assert.Single(refusal.GetProperty("problems").EnumerateArray(), problem => problem.GetProperty("field").GetString() == field);
        Assert.Equal(given, problem.GetProperty("given").GetString());
        Assert.NotEmpty(problem.GetProperty("allowed").GetString()!);
        Assert.Equal(before, await ListRunsAsync());
    }

    [Fact]
    public async Task Post_BodyBeyondTheLimit_Is400()
    {
        using var answer = await PostAsync($$"""{ "name": "a", "dataset": { "name": "a", "source": "{{new string('x', 20_000)}}" } }""");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("at most 16384 bytes", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_SameRequestTwiceAndAtOnce_IsOneRun()
    {
        _source.Hold("prepare");

        var ids = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Host.TrainAsync(Request())));
        var id = Assert.Single(ids.Distinct());
        await Eventually.Becomes(() => _source.Begun.Length, begun => begun > 0);
        Assert.Equal(id, await Host.TrainAsync(Request()));
        _source.Release("prepare");
        await Host.WaitAsync(id, "Completed");
        Assert.Equal(id, await Host.TrainAsync(Request()));

        Assert.Equal(id, Assert.Single(await ListRunsAsync(), run => run.StartsWith(_name, StringComparison.Ordinal)));
        Assert.Equal("Completed", (await Host.GetAsync(id)).Status);
        Assert.Single(_source.Begun, line => line.StartsWith("prepare-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Post_GoodRequest_Answers202WithLocationAndCheckStatusPayload()
    {
        _source.Hold("prepare");

        using var answer = await PostAsync(JsonSerializer.Serialize(Request()));

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var payload = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.StartsWith($"{_name}-", payload.GetProperty("id").GetString()!, StringComparison.Ordinal);
        Assert.Equal(answer.Headers.Location, new Uri(payload.GetProperty("statusQueryGetUri").GetString()!));
        using var status = await Host.Client.GetAsync(answer.Headers.Location);
        Assert.Equal(HttpStatusCode.Accepted, status.StatusCode);
    }

    [Theory]
    [InlineData("GET", "api/runs/no-such-run")]
    [InlineData("DELETE", "api/runs/no-such-run")]
    [InlineData("POST", "api/runs/no-such-run/cancel")]
    public async Task Run_UnknownId_Is404AndSaysSo(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var answer = await Host.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("There is no run 'no-such-run'", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_StorageAnswers_Is200()
    {
        using var answer = await Host.Client.GetAsync("api/health");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("\"ok\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private object Request() => new { name = _name, dataset = new { name = _name, source = _source.Images }, imagesPerPart = 10 };

    private async Task<HttpResponseMessage> PostAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await Host.Client.PostAsync("api/train", content);
    }

    private async Task<string[]> ListRunsAsync()
    {
        var runs = JsonDocument.Parse(await Host.Client.GetStringAsync("api/runs")).RootElement;
        return [.. runs.EnumerateArray().Select(run => run.GetProperty("runId").GetString()!)];
    }
}
