using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LznPipeline.LocalHost.Tests.Hosting;

namespace LznPipeline.LocalHost.Tests.Http;

[Collection(OnSharedHost.Name)]
public sealed class HttpFunctionTests(SharedHost shared)
{
    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("PUT")]
    public async Task Call_MethodRouteQueryHeaderAndBody_ReachTheFunctionAndItsAnswerComesBack(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "api/echo/one%20name?b=2&a=%C3%A4");
        request.Headers.Add("x-question", "why");
        request.Content = method == "GET" ? null : new StringContent("twelve bytes");

        using var answer = await shared.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("why", Assert.Single(answer.Headers.GetValues("x-answer")));
        var echoed = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((method, "one name", "?b=2&a=%C3%A4", "why"), (Text("method"), Text("name"), Text("query"), Text("question")));
        Assert.Equal(method == "GET" ? 0 : 12, echoed.GetProperty("length").GetInt32());

        string? Text(string name) => echoed.GetProperty(name).GetString();
    }

    [Fact]
    public async Task Call_MethodThatTheTriggerDoesNotName_IsRefused() =>
        Assert.Equal(HttpStatusCode.MethodNotAllowed, await StatusAsync(HttpMethod.Delete, "api/echo/x"));

    [Fact]
    public async Task Call_UnknownRoute_IsNotFound() => Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(HttpMethod.Get, "api/nothing"));

    /// <summary>The server counts what it receives, so in chunks a body that is a little shorter is the longest.</summary>
    [Theory]
    [InlineData(SharedHost.BodyLimit, false, HttpStatusCode.Accepted)]
    [InlineData(SharedHost.BodyLimit * 9 / 10, true, HttpStatusCode.Accepted)]
    [InlineData(SharedHost.BodyLimit + 1, false, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(SharedHost.BodyLimit + 1, true, HttpStatusCode.RequestEntityTooLarge)]
    public async Task Call_BodyUpToTheLimit_IsTakenAndALongerOneRefused(int bytes, bool chunked, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/echo/x") { Content = new ByteArrayContent([.. Enumerable.Repeat((byte)'x', bytes)]) };
        request.Headers.TransferEncodingChunked = chunked;

        using var answer = await shared.Client.SendAsync(request);

        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Call_FunctionThrows_Answers500AndKeepsTheReasonToItself()
    {
        using var answer = await shared.Client.GetAsync("api/throw");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.DoesNotContain("secret", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_ClientGoesAway_CancelsTheFunction()
    {
        using var client = new CancellationTokenSource();
        var name = $"{Guid.NewGuid():N}";
        var asking = shared.Client.GetAsync($"api/hold/{name}", client.Token);
        await shared.Host.NotedAsync($"{name}.began");

        await client.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        Assert.Equal(["cancelled"], await shared.Host.NotedAsync($"{name}.ended"));
    }

    [Theory]
    [InlineData("api/forCallers")]
    [InlineData("api/forAdministrators")]
    public async Task Call_InDevelopment_NeedsNoKey(string function) => Assert.Equal(HttpStatusCode.OK, await StatusAsync(HttpMethod.Get, function));

    [Fact]
    public async Task Health_HostAtWork_IsLiveAndReadyAndNamesItsFunctions()
    {
        Assert.Equal("Healthy", await shared.Client.GetStringAsync("healthz/live"));
        Assert.Equal("Healthy", await shared.Client.GetStringAsync("healthz/ready"));
        var status = await shared.Client.GetFromJsonAsync<JsonElement>("admin/host/status");
        Assert.Equal(("Running", "answers"), (status.GetProperty("state").GetString(), status.GetProperty("storage").GetString()));
        Assert.Contains("Chain", status.GetProperty("functions").EnumerateArray().Select(name => name.GetString()));
    }

    private async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var answer = await shared.Client.SendAsync(request);
        return answer.StatusCode;
    }
}
