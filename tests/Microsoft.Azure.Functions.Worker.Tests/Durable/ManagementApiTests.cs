using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Microsoft.Azure.Functions.Worker.Tests.Durable;

public sealed class ManagementApiTests(DurableHostFixture fixture) : IClassFixture<DurableHostFixture>
{
    private static readonly string[] PayloadNames =
        ["id", "statusQueryGetUri", "sendEventPostUri", "terminatePostUri", "purgeHistoryDeleteUri", "restartPostUri", "suspendPostUri", "resumePostUri"];

    private static readonly string[] StatusNames = ["name", "instanceId", "runtimeStatus", "input", "customStatus", "output", "createdTime", "lastUpdatedTime"];

    private HttpClient Client => fixture.Host.Client;

    private ManagementClient Api => new(Client);

    [Fact]
    public async Task Start_WithId_Answers202WithTheHostsPayload()
    {
        var id = ManagementClient.NewId();
        using var started = await Api.PostAsync($"/orchestrators/waits/{id}", "5");
        var payload = await started.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(10), started.Headers.RetryAfter!.Delta);
        Assert.Equal(PayloadNames, payload.EnumerateObject().Select(member => member.Name));
        Assert.Equal(payload.GetProperty("statusQueryGetUri").GetString(), started.Headers.Location!.OriginalString);
        Assert.Contains($"/instances/{id}?taskHub=Hub", payload.GetProperty("statusQueryGetUri").GetString(), StringComparison.Ordinal);
        Assert.EndsWith("&connection=TheStorage", payload.GetProperty("statusQueryGetUri").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/orchestrators/Nobody", "1", "There is no orchestrator function 'Nobody'. There are: AddUp, AsInterface, Breaks, Close, Waits.")]
    [InlineData("/orchestrators/Waits", "{", "")]
    [InlineData("/orchestrators/Waits/@id", "1", "Instance id '@id' is not allowed")]
    [InlineData("/orchestrators/Waits?timeout=1&pollingInterval=2", "1", "The pollingInterval (2 s) is longer than the timeout (1 s).")]
    public async Task Start_BadArgument_Is400WithTheReason(string path, string body, string reason)
    {
        using var refused = await Api.PostAsync(path, body);
        var error = await refused.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("One or more of the arguments submitted is incorrect", error.GetProperty("Message").GetString());
        Assert.Contains(reason, error.GetProperty("ExceptionMessage").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_IdOfARunningInstance_Is409()
    {
        var id = await Api.StartAsync("Waits");
        using var again = await Api.PostAsync($"/orchestrators/Waits/{id}", "1");

        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        Assert.Contains(id, (await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("Message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_RunningThenCompleted_Is202WithLocationThen200()
    {
        var id = await Api.StartAsync("Waits", "\"in\"");
        using var running = await Client.GetAsync($"{ManagementClient.Root}/instances/{id}");
        using var raised = await Api.PostAsync($"/instances/{id}/raiseEvent/gO", "\"on\"");
        var status = await Api.UntilAsync(id, "Completed");

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (running.StatusCode, raised.StatusCode));
        Assert.Equal(TimeSpan.FromSeconds(5), running.Headers.RetryAfter!.Delta);
        Assert.Equal(running.RequestMessage!.RequestUri, running.Headers.Location); // a request was sent
        Assert.Equal(StatusNames, status.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("in", "got on"), (status.GetProperty("input").GetString(), status.GetProperty("output").GetString()));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", status.GetProperty("createdTime").GetString());
    }

    [Fact]
    public async Task Status_Failed_Is200Or500OnRequestWithTheErrorAsOutput()
    {
        var id = await Api.StartAsync("Breaks");
        var status = await Api.UntilAsync(id, "Failed");
        using var asError = await Client.GetAsync($"{ManagementClient.Root}/instances/{id}?returnInternalServerErrorOnFailure=true");

        Assert.Contains("broke the cup", status.GetProperty("output").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.InternalServerError, asError.StatusCode);
        Assert.Contains("broke the cup", await asError.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Status_ShowHistory_FoldsSchedulesIntoTheirEnds()
    {
        var id = await Api.StartAsync("AddUp", """{"Customer":"dan","Parts":[2,3]}""");
        await Api.UntilAsync(id, "Completed");
        var full = (await Client.GetFromJsonAsync<JsonElement>($"{ManagementClient.Root}/instances/{id}?showHistory=true&showHistoryOutput=true")).GetProperty("historyEvents");
        var bare = (await Client.GetFromJsonAsync<JsonElement>($"{ManagementClient.Root}/instances/{id}?showHistory=true&showInput=false")).GetProperty("historyEvents");

        var types = full.EnumerateArray().Select(entry => entry.GetProperty("EventType").GetString()).ToList();
        Assert.Equal(["ExecutionStarted", "TaskCompleted", "TaskCompleted", "SubOrchestrationInstanceCompleted", "ExecutionCompleted"], types);
        var square = full[1];
        Assert.Equal("Square", square.GetProperty("FunctionName").GetString());
        Assert.Equal(square.GetProperty("Input").GetInt32() * square.GetProperty("Input").GetInt32(), square.GetProperty("Result").GetInt32());
        Assert.True(square.TryGetProperty("ScheduledTime", out _));
        Assert.Equal("Completed", full[4].GetProperty("OrchestrationStatus").GetString());
        Assert.All(bare.EnumerateArray(), entry => Assert.False(entry.TryGetProperty("Input", out _) || entry.TryGetProperty("Result", out _)));
    }

    [Fact]
    public async Task List_ByPrefixAndStatus_PagesWithATokenThatEndsEmpty()
    {
        var prefix = ManagementClient.NewId();
        for (var i = 0; i < 3; i++)
            using (await Api.PostAsync($"/orchestrators/Waits/{prefix}{i}", "1"))
            {
            }

        var seen = new List<string>();
        var token = "";
        do
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{ManagementClient.Root}/instances?instanceIdPrefix={prefix}&top=2&runtimeStatus=Running,Pending,nonsense");
            if (token.Length > 0)
                request.Headers.Add("x-ms-continuation-token", token);
            using var page = await Client.SendAsync(request);
            var instances = await page.Content.ReadFromJsonAsync<JsonElement>();
            Assert.InRange(instances.GetArrayLength(), 0, 2);
            seen.AddRange(instances.EnumerateArray().Select(instance => instance.GetProperty("instanceId").GetString()!));
            token = page.Headers.GetValues("x-ms-continuation-token").Single();
        }
        while (token.Length > 0);

        Assert.Equal([prefix + "0", prefix + "1", prefix + "2"], seen.Order());
    }

    [Fact]
    public async Task EventPost_WrongContentTypeOrBody_Is400()
    {
        var id = await Api.StartAsync("Waits");
        using var text = await Client.PostAsync($"{ManagementClient.Root}/instances/{id}/raiseEvent/Go", new StringContent("1", Encoding.UTF8, "text/plain"));
        using var broken = await Api.PostAsync($"/instances/{id}/raiseEvent/Go", "{");
        using var empty = await Api.PostAsync($"/instances/{id}/raiseEvent/Go", "");

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (text.StatusCode, broken.StatusCode, empty.StatusCode));
        Assert.Contains("Only application/json request content is supported", await text.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SuspendResumeTerminate_InTheirOrder_MoveTheStatus()
    {
        var id = await Api.StartAsync("Waits");
        await Api.UntilAsync(id, "Running");
        using var early = await Api.PostAsync($"/instances/{id}/resume", null);
        using var suspended = await Api.PostAsync($"/instances/{id}/suspend?reason=lunch", null);
        await Api.UntilAsync(id, "Suspended");
        using var twice = await Api.PostAsync($"/instances/{id}/suspend", null);
        using var resumed = await Api.PostAsync($"/instances/{id}/resume", null);
        await Api.UntilAsync(id, "Running");
        using var terminated = await Api.PostAsync($"/instances/{id}/terminate?reason=enough", null);
        var status = await Api.UntilAsync(id, "Terminated");

        Assert.Equal((500, 202, 500, 202, 202), ((int)early.StatusCode, (int)suspended.StatusCode, (int)twice.StatusCode, (int)resumed.StatusCode, (int)terminated.StatusCode));
        Assert.Equal("enough", status.GetProperty("output").GetString());
    }

    [Theory]
    [InlineData("raiseEvent/Go")]
    [InlineData("terminate")]
    [InlineData("suspend")]
    [InlineData("resume")]
    [InlineData("rewind")]
    public async Task Command_MissingOrFinishedInstance_Is404Or410WithoutABody(string command)
    {
        var id = await Api.StartAsync("AsInterface", "[1]");
        await Api.UntilAsync(id, "Completed");
        using var missing = await Api.PostAsync($"/instances/{ManagementClient.NewId()}/{command}", "1");
        using var finished = await Api.PostAsync($"/instances/{id}/{command}", "1");

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.Gone), (missing.StatusCode, finished.StatusCode));
        Assert.Empty(await missing.Content.ReadAsStringAsync() + await finished.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Restart_NewId_RunsTheSameInputAgain()
    {
        var id = await Api.StartAsync("AsInterface", "[7,8]");
        await Api.UntilAsync(id, "Completed");
        using var restarted = await Api.PostAsync($"/instances/{id}/restart", null);
        var copy = (await restarted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;
        var status = await Api.UntilAsync(copy, "Completed");
        using var unknown = await Api.PostAsync($"/instances/{ManagementClient.NewId()}/restart", null);

        Assert.NotEqual(id, copy);
        Assert.Equal("True 7,8", status.GetProperty("output").GetString());
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        Assert.Contains("InstanceId does not match a valid orchestration instance.", await unknown.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Purge_OneInstance_DeletesItOnceAndOnlyWhenFinished()
    {
        var id = await Api.StartAsync("AsInterface", "[1]");
        var running = await Api.StartAsync("Waits");
        await Api.UntilAsync(id, "Completed");
        using var purged = await Client.DeleteAsync($"{ManagementClient.Root}/instances/{id}");
        using var again = await Client.DeleteAsync($"{ManagementClient.Root}/instances/{id}");
        using var unfinished = await Client.DeleteAsync($"{ManagementClient.Root}/instances/{running}");

        Assert.Equal("""{"instancesDeleted":1}""", await purged.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.PreconditionFailed), (again.StatusCode, unfinished.StatusCode));
    }

    [Fact]
    public async Task Purge_Many_NeedsAStartTime()
    {
        using var refused = await Client.DeleteAsync($"{ManagementClient.Root}/instances");
        using var none = await Client.DeleteAsync($"{ManagementClient.Root}/instances?createdTimeFrom=2001-01-01&createdTimeTo=2001-01-02");

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("\"Please provide value for 'createdTimeFrom' parameter.\"", await refused.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Theory]
    [InlineData("PUT", "/instances/x")]
    [InlineData("GET", "/orchestrators/Waits")]
    [InlineData("GET", "/instances/x/terminate")]
    [InlineData("POST", "/instances/x/unknown")]
    public async Task KnownPath_OtherMethodOrOperation_Is404(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), ManagementClient.Root + path);
        using var response = await Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }
}
