using System.Net;
using Lzn.Functions;
using Lzn.Functions.Configuration;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Tests.Hosting;
using Microsoft.Azure.Functions.Worker.Tests.Sample;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Azure.Functions.Worker.Tests.Configuration;

public sealed class HostSettingsTests
{
    [Fact]
    public void Load_AppSettingOverHostJson_Wins()
    {
        var (settings, problems) = Load(
            """{ "version": "2.0", "extensions": { "http": { "routePrefix": "v1" }, "durableTask": { "hubName": "%Hub%", "maxConcurrentActivityFunctions": 3 } } }""",
            ("Hub", "NamedHub"), ("AzureFunctionsJobHost:extensions:durableTask:maxConcurrentActivityFunctions", "5"));

        Assert.Empty(problems);
        Assert.Equal(("v1", "NamedHub", 5), (settings.RoutePrefix, settings.Durable.HubName, settings.Durable.MaxConcurrentActivityFunctions!.Value));
    }

    [Fact]
    public void Load_ManyMistakes_AreAllListed()
    {
        var (_, problems) = Load(
            """{ "version": "1.0", "extensions": { "durableTask": { "hubName": "a-b", "maxConcurrentOrchestratorFunctions": 0, "overridableExistingInstanceStates": "Some", "storageProvider": { "type": "Netherite" } } } }""",
            ("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", "much"));

        Assert.Equal(6, problems.Count);
        Assert.Contains(problems, problem => problem.Contains("hubName is 'a-b'. Allowed: 3 to 45 letters and digits", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("storageProvider.type is 'Netherite'. Allowed: AzureStorage", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RoutePrefix_Empty_ServesAtTheRoot()
    {
        await using var host = await TestHost.StartAsync([typeof(HttpSamples)], hostJson: """{ "version": "2.0", "extensions": { "http": { "routePrefix": "" } } }""");

        Assert.Equal("""{"id":1,"name":"one"}""", await host.Client.GetStringAsync("/Action"));
    }

    [Fact]
    public async Task BodySizeLimit_LargerBody_Is413()
    {
        await using var host = await TestHost.StartAsync([typeof(HttpSamples)], settings: [("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", "1000")]);
        using var fits = await host.Client.PostAsync("/api/Length", new ByteArrayContent(new byte[1000]));
        using var tooLong = await host.Client.PostAsync("/api/Length", new ByteArrayContent(new byte[1001]));

        Assert.Equal("1000", await fits.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLong.StatusCode);
        Assert.Equal("The request's body is larger than 1000 bytes, the limit of this host. The app setting FUNCTIONS_REQUEST_BODY_SIZE_LIMIT changes it.", await tooLong.Content.ReadAsStringAsync());
        Assert.DoesNotContain("Failed Length", host.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BodySizeLimit_BodyOfUnknownLength_Is413WithTheSameWords()
    {
        await using var host = await TestHost.StartAsync([typeof(HttpSamples)], settings: [("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT", "1000")]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/Length") { Content = new ByteArrayContent(new byte[1001]) };
        request.Headers.TransferEncodingChunked = true;

        using var tooLong = await host.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLong.StatusCode);
        Assert.Contains("larger than 1000 bytes", await tooLong.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_AStorageThatIsAway_LeavesTheHostAliveButNotReady()
    {
        await using var host = await TestHost.StartAsync([typeof(HttpSamples)], builder => builder.Services.AddHealthChecks().AddCheck("storage", () => HealthCheckResult.Unhealthy("away")));
        using var all = await host.Client.GetAsync("/healthz");
        using var live = await host.Client.GetAsync("/healthz/live");
        using var ready = await host.Client.GetAsync("/healthz/ready");

        Assert.Equal(
            (HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable), (all.StatusCode, live.StatusCode, ready.StatusCode));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("soon")]
    [InlineData("601")]
    public async Task DrainSeconds_OutOfRange_IsRefusedAtTheStart(string given)
    {
        var refused = await Assert.ThrowsAsync<FunctionsStartException>(() => TestHost.StartAsync([typeof(HttpSamples)], settings: [("Lzn:Functions:DrainSeconds", given)]));

        Assert.Equal($"Lzn:Functions:DrainSeconds is '{given}'. Allowed: 0 to 600 seconds.", refused.Message);
    }

    [Fact]
    public void Configuration_LocalSettings_LieBelowTheEnvironmentAndCarryItsName()
    {
        var folder = Directory.CreateTempSubdirectory("functions-");
        File.WriteAllText(Path.Combine(folder.FullName, "local.settings.json"), """{ "Values": { "PATH": "not this", "Own": "local", "AZURE_FUNCTIONS_ENVIRONMENT": "Staging" } }""");

        var builder = FunctionsApplication.CreateBuilder(["--contentRoot", folder.FullName]);

        Assert.Equal(("local", Environment.GetEnvironmentVariable("PATH"), "Staging"), (builder.Configuration["Own"], builder.Configuration["PATH"], builder.Environment.EnvironmentName));
        Assert.Equal("http://127.0.0.1:7071", builder.Configuration["urls"]);
    }

    [Fact]
    public void Port_NotANumber_IsRefused() =>
        Assert.Contains("--port is '70x1'", Assert.Throws<FunctionsStartException>(() => FunctionsApplication.CreateBuilder(["--port", "70x1"])).Message, StringComparison.Ordinal);

    [Fact]
    public void Builder_BuiltTwiceOrChangedAfterwards_Throws()
    {
        var builder = FunctionsApplication.CreateBuilder([]).ConfigureFunctionsWebApplication();
        builder.UseFunctionsOf(typeof(HttpSamples));
        using var host = builder.Build();

        Assert.Throws<InvalidOperationException>(builder.Build);
        Assert.Throws<InvalidOperationException>(() => builder.Use(next => next));
    }

    private static (HostSettings Settings, List<string> Problems) Load(string hostJson, params (string Name, string Value)[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("functions-");
        File.WriteAllText(Path.Combine(folder.FullName, "host.json"), hostJson);
        var app = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value))).Build();
        var problems = new List<string>();
        return (HostSettings.Load(app, folder.FullName, "app", problems), problems);
    }
}
