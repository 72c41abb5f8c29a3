using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LznPipeline.LocalHost.Tests.Hosting;

namespace LznPipeline.LocalHost.Tests.Durable;

[Collection(OnSharedHost.Name)]
public sealed class OrchestrationTests(SharedHost shared)
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    private readonly Management _management = new(shared.Client);

    [Fact]
    public async Task Run_Chain_PassesEachResultOn() => Assert.Equal("xa.b.c.", (await _management.RunAsync("Chain", "x")).GetString());

    [Fact]
    public async Task Run_FanOut_GathersEveryResult() => Assert.Equal(2870, (await _management.RunAsync("FanOut")).GetInt32());

    [Fact]
    public async Task Run_Entity_KeepsItsState() => Assert.Equal(5, (await _management.RunAsync("Count")).GetInt32());

    [Fact]
    public async Task Run_ActivityThrows_TypeAndMessageReachTheOrchestration() =>
        Assert.Equal("LocalHost.SampleApp.SampleException: no more paper", (await _management.RunAsync("Catch", "no more paper")).GetString());

    [Fact]
    public async Task Run_OrchestrationLetsAFailurePass_FailsWithItsMessage()
    {
        var state = await _management.WaitAsync(await _management.StartAsync("FailingOrchestration", "no more paper"), "Failed");

        Assert.Contains("no more paper", state.GetProperty("output").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Event_OrchestrationWaitsForIt_GoesOnWithIt()
    {
        var id = await _management.StartAsync("AwaitEvent");
        await _management.WaitAsync(id, "Running");

        Assert.Equal(HttpStatusCode.Accepted, await _management.CallAsync(HttpMethod.Post, $"instances/{id}/raiseEvent/answer", "yes"));

        Assert.Equal("yes", (await _management.WaitAsync(id, "Completed")).GetProperty("output").GetString());
    }

    [Fact]
    public async Task Terminate_ThenPurge_EndsTheInstanceAndForgetsIt()
    {
        var id = await _management.StartAsync("AwaitEvent");
        await _management.WaitAsync(id, "Running");

        Assert.Equal(HttpStatusCode.Accepted, await _management.CallAsync(HttpMethod.Post, $"instances/{id}/terminate?reason=enough"));
        Assert.Equal("enough", (await _management.WaitAsync(id, "Terminated")).GetProperty("output").GetString());
        Assert.Equal(HttpStatusCode.OK, await _management.CallAsync(HttpMethod.Delete, $"instances/{id}"));
        Assert.Equal(HttpStatusCode.NotFound, await _management.CallAsync(HttpMethod.Get, $"instances/{id}"));
    }

    [Theory]
    [InlineData("api/start/Trace")]
    [InlineData("runtime/webhooks/durabletask/orchestrators/Trace")]
    public async Task Start_CallersTrace_ReachesFunctionOrchestrationAndActivity(string path)
    {
        using var echo = await PostAsync("api/echo/x");
        using var start = await PostAsync(path);
        var id = (await start.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;        // both ways name it

        var output = (await _management.WaitAsync(id, "Completed")).GetProperty("output");
        var inOrchestration = output.EnumerateArray().Select(parent => parent.GetString()).ToList();

        var inFunction = (await echo.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("trace").GetString();
        Assert.Equal(2, inOrchestration.Count);         // its own, and its activity's
        Assert.All([inFunction, .. inOrchestration], parent => Assert.StartsWith($"00-{Trace}-", parent, StringComparison.Ordinal));
    }

    private async Task<HttpResponseMessage> PostAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create("") };
        request.Headers.Add("traceparent", $"00-{Trace}-b7ad6b7169203331-01");
        return await shared.Client.SendAsync(request);
    }
}
