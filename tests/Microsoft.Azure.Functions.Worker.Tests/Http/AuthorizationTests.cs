using System.Net;
using Microsoft.Azure.Functions.Worker.Tests.Hosting;
using Microsoft.Azure.Functions.Worker.Tests.Sample;

namespace Microsoft.Azure.Functions.Worker.Tests.Http;

public sealed class AuthorizationTests : IAsyncLifetime
{
    private TestHost _host = null!;

    public async Task InitializeAsync() => _host = await TestHost.StartAsync(
        [typeof(HttpSamples)],
        environment: "Production",
        settings:
        [
            ("Lzn:Functions:Keys:Master", "master-key"),
            ("Lzn:Functions:Keys:Host", "host-key"),
            ("Lzn:Functions:Keys:Functions:Keyed", "keyed-key"),
        ]);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("/api/Action", null, HttpStatusCode.OK)]
    [InlineData("/api/Keyed", null, HttpStatusCode.Unauthorized)]
    [InlineData("/api/Keyed", "", HttpStatusCode.Unauthorized)]
    [InlineData("/api/Keyed", "wrong", HttpStatusCode.Unauthorized)]
    [InlineData("/api/Keyed", "keyed-key", HttpStatusCode.OK)]
    [InlineData("/api/Keyed", "host-key", HttpStatusCode.OK)]
    [InlineData("/api/Keyed", "master-key", HttpStatusCode.OK)]
    [InlineData("/api/Implicit", null, HttpStatusCode.Unauthorized)]
    [InlineData("/api/Implicit", "keyed-key", HttpStatusCode.Unauthorized)]
    [InlineData("/api/Implicit", "host-key", HttpStatusCode.OK)]
    [InlineData("/api/AdminOnly", "host-key", HttpStatusCode.Unauthorized)]
    [InlineData("/api/AdminOnly", "master-key", HttpStatusCode.OK)]
    [InlineData("/admin/host/status", "host-key", HttpStatusCode.Unauthorized)]
    [InlineData("/admin/host/status", "master-key", HttpStatusCode.OK)]
    [InlineData("/healthz", null, HttpStatusCode.OK)]
    public async Task Key_InHeaderOrQuery_OpensWhatItIsFor(string path, string? key, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null)
            request.Headers.Add("x-functions-key", key);
        using var byHeader = await _host.Client.SendAsync(request);
        using var byQuery = await _host.Client.GetAsync(key is null ? path : $"{path}?code={key}");

        Assert.Equal((expected, expected), (byHeader.StatusCode, byQuery.StatusCode));
    }

    [Fact]
    public async Task Key_HeaderAndQuery_TheHeaderCounts()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/Keyed?code=host-key");
        request.Headers.Add("x-functions-key", "wrong");
        using var response = await _host.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Key_InDevelopment_IsNotAskedFor()
    {
        await using var open = await TestHost.StartAsync([typeof(HttpSamples)], environment: "Development");
        using var response = await open.Client.GetAsync("/api/AdminOnly");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Key_NoneConfigured_ClosesTheFunctionAndWarns()
    {
        await using var closed = await TestHost.StartAsync([typeof(HttpSamples)], environment: "Production", settings: [("Lzn:Functions:Keys:Host", "")]);
        using var response = await closed.Client.GetAsync("/api/Keyed?code=");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("Lzn:Functions:Keys:Host", closed.Logs.Text, StringComparison.Ordinal);
    }
}
