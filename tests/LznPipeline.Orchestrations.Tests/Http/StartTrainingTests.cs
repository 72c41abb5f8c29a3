using System.Net;
using System.Text;
using System.Text.Json;
using LznPipeline.Orchestrations.Tests.FakeJobs;
using LznPipeline.Orchestrations.Tests.Hosting;
using LznPipeline.Shared;
using LznPipeline.Shared.Runs;
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
    [InlineData("""{ "name": "a\n", "dataset": { "name": "a", "source": "/x" } }""", "name", "'a\n'")]
    [InlineData("""{ "name": "\ud800", "dataset": { "name": "a", "source": "/x" } }""", "body", "text that is not JSON")]
    [InlineData("""{ "\udc00": "a", "dataset": { "name": "a", "source": "/x" } }""", "body", "text that is not JSON")]
    [InlineData("""{ "name": "a", "dataset": { "name": "a", "source": "/x", "classes": [null] } }""", "dataset.classes", "[null]")]
    [InlineData("""{ "name": "a", "dataset": { "name": "a", "source": "/no/such/folder" } }""", "dataset.source", "'/no/such/folder'")]
    [InlineData("""{ "name": "a", "dataset": { "name": "a", "source": "/tmp/../etc" } }""", "dataset.source", "'/tmp/../etc'")]
    [InlineData("""{ "name": "a", "dataset": { "name": "a", "source": "/dev/zero" } }""", "dataset.source", "'/dev/zero'")]
    [InlineData("""{ "name": "a", "dataset": { "name": "a", "source": "blob:../private/secret.tar" } }""", "dataset.source", "'blob:../private/secret.tar'")]
    [InlineData("""{ "name": "a", "dataset": { "name": "a", "source": "blob:a//b.tar" } }""", "dataset.source", "'blob:a//b.tar'")]
    [InlineData("""{ "name": "a", "dataset": { "name": "a", "source": "blob:" } }""", "dataset.source", "'blob:'")]
    [InlineData("""{ "name": "a", "dataset": { "name": "a", "source": "/x\u0000" } }""", "dataset.source", "'/x\u0000'")]
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
    public async Task Post_FieldThousandsOfNamesDeep_Is400()
    {
        var path = string.Join('.', Enumerable.Repeat("a", 3000));

        using var answer = await PostAsync($$"""{ "name": "a", "dataset": { "name": "a", "source": "/x" }, "set": { "{{path}}": 1 } }""");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("3000 names deep", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_BodyIsNotUtf8_Is400AndSaysWhere()
    {
        using var content = new ByteArrayContent([(byte)'{', 0xFF, (byte)'}']);
        content.Headers.ContentType = new("application/json");

        using var answer = await Host.Client.PostAsync("api/train", content);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("not UTF-8 (at byte 1)", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ByteOrderMarkBeforeTheJson_IsRead()
    {
        using var answer = await PostAsync("\uFEFF{}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("\"field\": \"dataset\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData(null)]
    public async Task Post_AsAPageOfAnotherSiteCould_Is415(string? type)
    {
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(Request()));
        content.Headers.ContentType = type is null ? null : new(type);

        using var answer = await Host.Client.PostAsync("api/train", content);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Contains("Content-Type: application/json", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain(await ListRunsAsync(), run => run.StartsWith(_name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Runs_UnknownQueryParameter_Is400AndNamesIt()
    {
        using var answer = await Host.Client.GetAsync("api/runs?sate=Failed");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("'sate'", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_IdBeyondWhatStorageTakes_Is404()
    {
        using var answer = await Host.Client.GetAsync($"api/runs/{new string('x', 3000)}");

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
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
    public async Task Post_RequestOfARunWhoseSourceIsGone_ShowsThatRun()
    {
        var id = await Host.TrainAsync(Request());
        await Host.WaitAsync(id, "Completed");
        Directory.Delete(_source.Images, recursive: true);

        using var answer = await PostAsync(JsonSerializer.Serialize(Request()));

        var run = JsonSerializer.Deserialize<RunAnswer>(await answer.Content.ReadAsStringAsync(), LznJson.Options)!;
        Assert.Equal((HttpStatusCode.Accepted, id, "Completed", false), (answer.StatusCode, run.RunId, run.Status, run.Started));
    }

    [Fact]
    public async Task Post_GoodRequest_Answers202WithTheRunItsAddressAndNoKey()
    {
        _source.Hold("prepare");

        using var answer = await PostAsync(JsonSerializer.Serialize(Request()));

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        var run = JsonSerializer.Deserialize<RunAnswer>(await answer.Content.ReadAsStringAsync(), LznJson.Options)!;
        Assert.StartsWith($"{_name}-", run.RunId, StringComparison.Ordinal);
        Assert.True(run.Started);
        Assert.Equal($"/api/runs/{run.RunId}", answer.Headers.Location?.OriginalString);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.DoesNotContain("code=", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(run.RunId, (await Host.GetAsync(run.RunId)).RunId);
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
