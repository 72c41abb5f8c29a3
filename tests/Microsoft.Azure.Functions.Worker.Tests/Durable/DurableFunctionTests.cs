using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LznPipeline.Testing;

namespace Microsoft.Azure.Functions.Worker.Tests.Durable;

public sealed class DurableFunctionTests(DurableHostFixture fixture) : IClassFixture<DurableHostFixture>
{
    private static readonly string[] PayloadNames =
    [
        "Id", "StatusQueryGetUri", "SendEventPostUri", "TerminatePostUri", "RewindPostUri", "PurgeHistoryDeleteUri", "RestartPostUri", "SuspendPostUri", "ResumePostUri",
    ];

    private HttpClient Client => fixture.Host.Client;

    [Fact]
    public async Task Orchestrator_FanOutAndSubOrchestration_ReturnsItsSum()
    {
        using var started = await Client.PostAsJsonAsync("/api/start/AddUp", new { customer = "ann", parts = new[] { 1, 2, 3 } });
        using var finished = await Client.GetAsync("/api/finish/" + await IdOf(started));
        var state = await finished.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(HttpStatusCode.OK, finished.StatusCode);
        Assert.Equal("Completed", state.GetProperty("RuntimeStatus").GetString());
        Assert.Equal("""{"Customer":"ann!","Total":14}""", state.GetProperty("SerializedOutput").GetString());
        Assert.Equal("\"adding\"", state.GetProperty("SerializedCustomStatus").GetString());
    }

    [Fact]
    public async Task Activity_Instance_HasOneScopeAndRunsThroughMiddleware()
    {
        using var started = await Client.PostAsJsonAsync("/api/start/AddUp", new { customer = "bob", parts = new[] { 77 } });
        using var finished = await Client.GetAsync("/api/finish/" + await IdOf(started));

        Assert.Equal(1, fixture.Host.Journal.Count("square 77 in scope True"));
        Assert.Contains("through middleware Square", fixture.Host.Journal.Lines);
        Assert.Contains("through middleware AddUp", fixture.Host.Journal.Lines);
    }

    [Fact]
    public async Task Orchestrator_InputParameterOfAnInterface_StaysNullWhileGetInputConverts()
    {
        using var started = await Client.PostAsJsonAsync("/runtime/webhooks/durabletask/orchestrators/AsInterface?timeout=30&pollingInterval=0.05", new[] { 4, 5 });

        Assert.Equal("\"True 4,5\"", await started.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task CheckStatus_OfTheWorker_Is202WithLocationAndPascalCasePayload()
    {
        using var started = await Client.PostAsJsonAsync("/api/start/Waits", (object?)null);
        var payload = await started.Content.ReadFromJsonAsync<JsonElement>();
        var id = payload.GetProperty("Id").GetString();
        var root = $"{Client.BaseAddress}runtime/webhooks/durabletask/instances/{id}";

        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        Assert.Equal(root, started.Headers.Location!.OriginalString);
        Assert.Null(started.Headers.RetryAfter);
        Assert.Equal("application/json", started.Content.Headers.ContentType!.ToString());
        Assert.Equal(PayloadNames, payload.EnumerateObject().Select(member => member.Name));
        Assert.Equal(root + "/raiseEvent/{eventName}", payload.GetProperty("SendEventPostUri").GetString());
        Assert.Equal(root + "/terminate?reason={text}", payload.GetProperty("TerminatePostUri").GetString());
    }

    [Fact]
    public async Task ManagementPayload_WithoutRequest_NamesThisHostAndEscapesTheId()
    {
        var payload = await Client.GetFromJsonAsync<JsonElement>("/api/payload/a%20b");

        Assert.Equal("a b", payload.GetProperty("id").GetString());
        Assert.Equal($"{Client.BaseAddress}runtime/webhooks/durabletask/instances/a%20b", payload.GetProperty("statusQueryGetUri").GetString());
    }

    [Fact]
    public async Task WaitForCompletion_Failed_Is500AndOutOfPatience_IsCheckStatus()
    {
        using var broken = await Client.PostAsJsonAsync("/api/start/Breaks", (object?)null);
        using var waiting = await Client.PostAsJsonAsync("/api/start/Waits", (object?)null);
        using var failed = await Client.GetAsync("/api/finish/" + await IdOf(broken));
        using var impatient = await Client.GetAsync($"/api/finish/{await IdOf(waiting)}?seconds=0");

        Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, impatient.StatusCode);
    }

    [Fact]
    public async Task ReplaySafeLogger_OneRun_LogsOnce()
    {
        using var started = await Client.PostAsJsonAsync("/api/start/AddUp", new { customer = "cy", parts = new[] { 1 } });
        using var finished = await Client.GetAsync("/api/finish/" + await IdOf(started));

        Assert.Contains("added up once", fixture.Host.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_OfOrchestratorsAndActivities_NamesFunctionInvocationAndInstance()
    {
        using var started = await Client.PostAsJsonAsync("/api/start/AddUp", new { customer = "di", parts = new[] { 1 } });
        var id = await IdOf(started);
        using var finished = await Client.GetAsync("/api/finish/" + id);

        var lines = fixture.Host.Logs.Text.Split('\n').Where(line => line.EndsWith($"InstanceId={id}]", StringComparison.Ordinal)).ToList();
        Assert.Single(lines, line => line.StartsWith("Information added up once", StringComparison.Ordinal) && line.Contains("[FunctionName=AddUp InvocationId=", StringComparison.Ordinal));
        Assert.Single(lines, line => line.StartsWith("Information Executed Square", StringComparison.Ordinal) && line.Contains("[FunctionName=Square InvocationId=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Trace_FromTheCallersRequestToTheActivities_IsOne()
    {
        using var spans = new SpanRecorder();

        using var started = await Client.PostAsJsonAsync("/api/start/AddUp", new { customer = "ed", parts = new[] { 5 } });
        using var finished = await Client.GetAsync("/api/finish/" + await IdOf(started));

        await Eventually.Becomes(() => spans.Ended, ended => ended.Any(span => span.OperationName == "orchestration:AddUp"));
        var path = new List<string>();
        for (var span = spans.Only("function Note"); span is not null; span = spans.Ended.FirstOrDefault(other => other.SpanId == span.ParentSpanId))
            path.Add(span.OperationName);
        Assert.Equal(
            ["function Note", "activity:Note", "orchestration:Close", "orchestration:AddUp", "create_orchestration:AddUp", "function Start", "Microsoft.AspNetCore.Hosting.HttpRequestIn", "System.Net.Http.HttpRequestOut"],
            path);
        Assert.Equal(("Note", true), (spans.Only("function Note").GetTagItem("faas.name"), Guid.TryParse($"{spans.Only("function Note").GetTagItem("faas.invocation_id")}", out _)));
    }

    private static async Task<string> IdOf(HttpResponseMessage started) =>
        (await started.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("Id").GetString()!;
}
