using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Microsoft.Azure.Functions.Worker.Tests.Durable;

/// <summary>What the description of the management API promises beyond its usual ways.</summary>
public sealed class ManagementPromisesTests(DurableHostFixture fixture) : IClassFixture<DurableHostFixture>
{
    private HttpClient Client => fixture.Host.Client;

    private ManagementClient Api => new(Client);

    [Fact]
    public async Task StartAndWait_CompletedInTime_IsTheRawOutput()
    {
        using var ended = await Api.PostAsync("/orchestrators/AsInterface?timeout=30&pollingInterval=0.05", "[3,4]");

        Assert.Equal((HttpStatusCode.OK, "\"True 3,4\""), (ended.StatusCode, await ended.Content.ReadAsStringAsync()));
        Assert.Equal("application/json", ended.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task StartAndWait_Failed_IsTheStatus()
    {
        using var ended = await Api.PostAsync("/orchestrators/Breaks?timeout=30&pollingInterval=0.05&returnInternalServerErrorOnFailure=true");

        Assert.Equal(HttpStatusCode.InternalServerError, ended.StatusCode);
        Assert.Equal("Failed", (await ended.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("runtimeStatus").GetString());
    }

    [Theory]
    [InlineData("?timeout=0.2&pollingInterval=0.1")]
    [InlineData("?timeout=10")] // both or none
    [InlineData("?timeout=soon&pollingInterval=0.1")] // what does not parse counts as absent
    public async Task StartAndWait_NotInTimeOrNotAskedForRightly_IsTheCheckStatusAnswer(string query)
    {
        using var waiting = await Api.PostAsync("/orchestrators/Waits" + query);

        Assert.Equal(HttpStatusCode.Accepted, waiting.StatusCode);
        Assert.True((await waiting.Content.ReadFromJsonAsync<JsonElement>()).TryGetProperty("statusQueryGetUri", out _));
    }

    [Theory]
    [InlineData("a%5Cb")]
    [InlineData("a%23b")]
    [InlineData("a%3Fb")]
    [InlineData("a%01b")]
    [InlineData("long")]
    public async Task Start_IdThatIsNotAllowed_Is400(string id)
    {
        using var refused = await Api.PostAsync("/orchestrators/Waits/" + (id == "long" ? new string('x', 257) : id));

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("is not allowed: at most 256 characters", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_InputAboveTheLimit_Is400AndSaysWhatToDo()
    {
        using var refused = await Api.PostAsync("/orchestrators/Waits", $"\"{new string('x', 64 << 20)}\"");

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(
            "The input of orchestrator 'Waits' is 67,108,866 bytes long as JSON; allowed are 67,108,864 (64 MiB). Store it, for example as a blob, and pass its name.",
            (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("ExceptionMessage").GetString());
    }

    [Fact]
    public async Task Path_OfAnyCaseWithASlashAtItsEnd_IsTheSame()
    {
        var id = await Api.StartAsync("Waits", "1");

        using var answer = await Client.GetAsync($"{ManagementClient.Root.ToUpperInvariant()}/Instances/{id}/?SHOWINPUT=false");

        Assert.Equal(JsonValueKind.Null, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("input").ValueKind);
    }

    [Fact]
    public async Task Rewind_FailedInstance_RunsAgainFromItsFailure()
    {
        var id = await Api.StartAsync("Breaks");
        await Api.UntilAsync(id, "Failed");
        var waiting = await Api.StartAsync("Waits");

        using var rewound = await Api.PostAsync($"/instances/{id}/rewind?reason=mended");
        using var refused = await Api.PostAsync($"/instances/{waiting}/rewind");
        var history = (await Api.UntilAsync(id, "Failed", "?showHistory=true")).GetProperty("historyEvents").EnumerateArray().ToList();

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.InternalServerError), (rewound.StatusCode, refused.StatusCode));
        Assert.Equal("mended", Assert.Single(history, entry => entry.GetProperty("EventType").GetString() == "ExecutionRewound").GetProperty("Reason").GetString());
    }

    [Fact]
    public async Task Restart_UnderTheSameId_WaitsForTheEndOfTheInstance()
    {
        var id = await Api.StartAsync("Waits", "1");
        using var early = await Api.PostAsync($"/instances/{id}/restart?restartWithNewInstanceId=false");
        using var raised = await Api.PostAsync($"/instances/{id}/raiseEvent/Go", "\"on\"");
        await Api.UntilAsync(id, "Completed");

        using var restarted = await Api.PostAsync($"/instances/{id}/restart?restartWithNewInstanceId=false");

        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Accepted), (early.StatusCode, restarted.StatusCode));
        Assert.Equal(id, (await restarted.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString());
    }

    [Fact]
    public async Task History_OfAFailure_TellsReasonAndDetails()
    {
        var id = await Api.StartAsync("Breaks");

        var history = (await Api.UntilAsync(id, "Failed", "?showHistory=true")).GetProperty("historyEvents").EnumerateArray().ToList();

        Assert.Equal(["ExecutionStarted", "TaskFailed", "ExecutionCompleted"], history.Select(entry => entry.GetProperty("EventType").GetString()));
        Assert.Equal(("Break", "broke the cup"), (history[1].GetProperty("FunctionName").GetString(), history[1].GetProperty("Reason").GetString()));
        Assert.Equal("System.IO.InvalidDataException", history[1].GetProperty("FailureDetails").GetProperty("ErrorType").GetString());
        Assert.Equal("Failed", history[2].GetProperty("OrchestrationStatus").GetString());
        Assert.All(history, entry => Assert.True(entry.GetProperty("Timestamp").TryGetDateTime(out _)));
    }

    [Fact]
    public async Task History_OfAnEvent_TellsItsNameAndInput()
    {
        var id = await Api.StartAsync("Waits");
        using var raised = await Api.PostAsync($"/instances/{id}/raiseEvent/Go", "\"on\"");

        var history = (await Api.UntilAsync(id, "Completed", "?showHistory=true")).GetProperty("historyEvents").EnumerateArray().ToList();

        var entry = Assert.Single(history, entry => entry.GetProperty("EventType").GetString() == "EventRaised");
        Assert.Equal(("Go", "on"), (entry.GetProperty("Name").GetString(), entry.GetProperty("Input").GetString()));
    }

    [Fact]
    public async Task List_ByTimeOfCreation_HasThoseWithin()
    {
        var id = await Api.StartAsync("Waits", "1");
        var (before, after) = (DateTime.UtcNow.AddHours(-1).ToString("o"), DateTime.UtcNow.AddHours(1).ToString("o"));

        var within = await Client.GetFromJsonAsync<JsonElement>($"{ManagementClient.Root}/instances?instanceIdPrefix={id}&createdTimeFrom={before}&createdTimeTo={after}&showInput=false");
        var outside = await Client.GetFromJsonAsync<JsonElement>($"{ManagementClient.Root}/instances?instanceIdPrefix={id}&createdTimeFrom={after}");

        Assert.Equal((1, 0), (within.GetArrayLength(), outside.GetArrayLength()));
        Assert.Equal(JsonValueKind.Null, within[0].GetProperty("input").ValueKind);
        Assert.False(within[0].TryGetProperty("historyEvents", out _));
    }

    [Fact]
    public async Task Purge_ManyWithinATime_SaysThatThereAreMoreAndGoesOnWhenAskedAgain()
    {
        const int Batch = 100;
        var ids = await Task.WhenAll(Enumerable.Range(0, Batch + 1).Select(_ => Api.StartAsync("AsInterface", "[1]")));
        foreach (var id in ids)
            await Api.UntilAsync(id, "Completed");

        var address = $"{ManagementClient.Root}/instances?createdTimeFrom=2001-01-01&runtimeStatus=Completed";
        using var cut = await Client.DeleteAsync(address + "&timeout=0.000001");
        using var rest = await Client.DeleteAsync(address);

        Assert.Equal($$"""{"instancesDeleted":{{Batch}},"isComplete":false}""", await cut.Content.ReadAsStringAsync());
        Assert.Matches("""^\{"instancesDeleted":[1-9]\d*\}$""", await rest.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("?taskHub=&connection=")]
    public async Task TaskHub_BlankOrAbsent_IsTheAppsOwn(string query)
    {
        using var listed = await Client.GetAsync($"{ManagementClient.Root}/instances{query}");

        Assert.Equal(HttpStatusCode.OK, listed.StatusCode);
    }

    [Fact]
    public async Task TaskHub_ThatNoFunctionNames_Is400()
    {
        using var refused = await Client.GetAsync($"{ManagementClient.Root}/instances?taskHub=Strangers");

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }
}
