using System.Text.Json.Nodes;
using Azure.Core;
using Azure.Core.Pipeline;
using LznPipeline.Activities.Launching;
using LznPipeline.Activities.Options;
using LznPipeline.Shared.Jobs;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LznPipeline.Activities.Tests.Launching;

/// <summary>The launcher against a server that answers as the resource manager does.</summary>
public sealed class ContainerAppLauncherTests : IAsyncLifetime
{
    private const string Subscription = "00000000-0000-0000-0000-000000000001";
    private const string Job = $"/subscriptions/{Subscription}/resourceGroups/group/providers/Microsoft.App/jobs/gpu";
    private static readonly CancellationToken Stop = CancellationToken.None;

    private readonly WebApplication _azure;
    private readonly List<string> _asked = [];
    private JsonNode? _started;
    private string _status = "Running";

    public ContainerAppLauncherTests()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        _azure = builder.Build();
        _azure.Urls.Add("http://127.0.0.1:0");
        _azure.MapGet(Job, () => Results.Text(
            """{ "properties": { "template": { "containers": [ """
            + """{ "name": "lzn-gpu", "image": "image:1", "env": [ { "name": "A", "value": "b" } ], "args": [ "--help" ] } ] } } }"""));
        _azure.MapPost($"{Job}/start", async (HttpRequest request) =>
        {
            _started = await JsonNode.ParseAsync(request.Body);
            request.HttpContext.Response.Headers.Location = $"{request.Scheme}://{request.Host}/operations/1";
            return Results.StatusCode(202);
        });
        _azure.MapGet("/operations/1", () => Results.Text("""{ "name": "gpu-abc", "id": "x" }"""));
        _azure.MapGet($"{Job}/executions/gpu-abc", () => Results.Text($$"""{ "properties": { "status": "{{_status}}" } }"""));
        _azure.MapPost($"{Job}/executions/gpu-abc/stop", () => Results.StatusCode(202));
        _azure.Use(async (context, next) =>
        {
            _asked.Add($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
            await next();
        });
    }

    public Task InitializeAsync() => _azure.StartAsync();

    public async Task DisposeAsync() => await _azure.DisposeAsync();

    [Fact]
    public async Task Launch_Job_KeepsTheContainerAndReplacesItsArguments()
    {
        var handle = await Launcher().LaunchAsync(new JobLaunch(new JobRef("run", "train-1"), "train", 2), Stop);

        Assert.Equal("gpu-abc", handle);
        var container = Assert.Single(_started!["containers"]!.AsArray())!;
        Assert.Equal(
            ["train", "--job", "runs/run/train-1/job.json", "--attempt", "2"],
            container["args"]!.AsArray().Select(argument => argument!.GetValue<string>()));
        Assert.Equal("image:1", container["image"]!.GetValue<string>());
        Assert.Equal("b", container["env"]![0]!["value"]!.GetValue<string>());
        Assert.All(
            _asked.Where(line => line.Contains("Microsoft.App", StringComparison.Ordinal)),
            line => Assert.EndsWith("?api-version=2024-03-01", line, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Running", true)]
    [InlineData("Processing", true)]
    [InlineData("Unknown", true)]
    [InlineData("Succeeded", false)]
    [InlineData("Failed", false)]
    [InlineData("Stopped", false)]
    public async Task IsAlive_Execution_IsWhatItsStatusSays(string status, bool alive)
    {
        _status = status;

        Assert.Equal(alive, await Launcher().IsAliveAsync("gpu-abc", Stop));
    }

    [Fact]
    public async Task IsAlive_NoSuchExecution_IsFalse() => Assert.False(await Launcher().IsAliveAsync("gpu-gone", Stop));

    [Fact]
    public async Task Stop_Execution_AsksAzureToStopIt()
    {
        await Launcher().StopAsync("gpu-abc", Stop);

        Assert.Contains($"POST {Job}/executions/gpu-abc/stop?api-version=2024-03-01", _asked);
    }

    [Fact]
    public async Task Launch_NoSuchJob_NamesIt()
    {
        var missing = await Assert.ThrowsAsync<InvalidOperationException>(
            () => Launcher("other").LaunchAsync(new JobLaunch(new JobRef("run", "train-1"), "train", 1), Stop));

        Assert.Contains("'other'", missing.Message, StringComparison.Ordinal);
    }

    private ContainerAppLauncher Launcher(string job = "gpu") => new(
        HttpPipelineBuilder.Build(new PlainOptions()),
        new ContainerAppOptions { SubscriptionId = Subscription, ResourceGroup = "group", Job = job, Endpoint = new Uri(_azure.Urls.First()) });

    private sealed class PlainOptions : ClientOptions;
}
