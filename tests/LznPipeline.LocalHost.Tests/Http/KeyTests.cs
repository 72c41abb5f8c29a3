using System.Net;
using System.Net.Http.Json;
using LznPipeline.LocalHost.Tests.Durable;
using LznPipeline.LocalHost.Tests.Hosting;
using LznPipeline.Testing;

namespace LznPipeline.LocalHost.Tests.Http;

/// <summary>A host outside Development, with a key of each kind.</summary>
public sealed class ProductionHost : IAsyncLifetime
{
    /// <summary>More than the other tests give.</summary>
    internal const int WrongKeysPerMinute = 200;

    private SampleHost? _host;

    internal SampleHost Host => _host ?? throw new InvalidOperationException("The fixture has not started yet.");

    public async Task InitializeAsync()
    {
        var azurite = new AzuriteFixture();
        await azurite.InitializeAsync();
        _host = await SampleHost.StartAsync(
            azurite.ConnectionString,
            ("AZURE_FUNCTIONS_ENVIRONMENT", "Production"),
            ("LocalHost__WrongKeysPerMinute", $"{WrongKeysPerMinute}"),
            ("FunctionKeys__Master", "master-key"),
            ("FunctionKeys__Host", "host-key"),
            ("FunctionKeys__System", "system-key"),
            ("FunctionKeys__Functions__ForCallers", "function-key"),
            ("FunctionKeys__Functions__Echo", "other-functions-key"));
    }

    public async Task DisposeAsync() => await Host.DisposeAsync();
}

public sealed class KeyTests(ProductionHost production) : IClassFixture<ProductionHost>
{
    private const string Function = "api/forCallers";
    private const string Administration = "api/forAdministrators";
    private const string Management = "runtime/webhooks/durabletask/instances";
    private const string Status = "admin/host/status";

    [Theory]
    [InlineData(Function, "function-key", "host-key", "master-key")]
    [InlineData(Administration, "master-key")]
    [InlineData(Management, "system-key", "master-key")]
    [InlineData(Status, "master-key")]
    public async Task Call_OutsideDevelopment_IsServedForTheKeysOfItsLevelAlone(string path, params string[] keys)
    {
        string?[] all = [null, "", "wrong", "function-key", "other-functions-key", "host-key", "system-key", "master-key"];
        foreach (var key in all)
        {
            var expected = keys.Contains(key) ? HttpStatusCode.OK : HttpStatusCode.Unauthorized;
            Assert.Equal((key, expected), (key, await StatusAsync(path, header: key)));
            Assert.Equal((key, expected), (key, await StatusAsync($"{path}?code={key}", header: null)));
        }
    }

    [Theory]
    [InlineData("api/echo/x", HttpStatusCode.Accepted)]
    [InlineData("healthz/live", HttpStatusCode.OK)]
    [InlineData("healthz/ready", HttpStatusCode.OK)]
    public async Task Call_AnonymousLevel_NeedsNoKey(string path, HttpStatusCode expected) => Assert.Equal(expected, await StatusAsync(path, header: null));

    [Fact]
    public async Task Management_EveryAnswerAndLink_CarriesNoKey()
    {
        using var started = await production.Host.Client.PostAsJsonAsync("api/start/AwaitEvent", "");
        var links = await started.Content.ReadAsStringAsync();
        using var created = await production.Host.Client.PostAsJsonAsync("runtime/webhooks/durabletask/orchestrators/AwaitEvent?code=system-key", "");
        var answer = $"{created.Headers}{await created.Content.ReadAsStringAsync()}";

        Assert.Contains("statusQueryGetUri", links, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Accepted, created.StatusCode);
        Assert.Contains("statusQueryGetUri", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("-key", links + answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "raiseEvent/answer")]
    [InlineData("POST", "terminate?reason=x")]
    [InlineData("DELETE", "")]
    public async Task Management_WithoutTheSystemKey_ChangesNothing(string method, string operation)
    {
        var management = new Management(production.Host.Client, key: "system-key");
        var id = await management.StartAsync("AwaitEvent");
        using var request = new HttpRequestMessage(new HttpMethod(method), $"{Management}/{id}/{operation}") { Content = JsonContent.Create("x") };

        using var refused = await production.Host.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        await management.WaitAsync(id, "Running");
    }

    private async Task<HttpStatusCode> StatusAsync(string path, string? header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (header is not null)
            request.Headers.TryAddWithoutValidation("x-functions-key", header);
        using var answer = await production.Host.Client.SendAsync(request);
        return answer.StatusCode;
    }
}
