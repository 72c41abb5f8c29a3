using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LznPipeline.LocalHost.Tests.Hosting;
using LznPipeline.Testing;

namespace LznPipeline.LocalHost.Tests.Http;

public sealed class RequestGuardTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    [Fact]
    public async Task Call_FromElsewhereThanAClientOfThisMachine_IsRefused()
    {
        await using var host = await SampleHost.StartAsync(azurite.ConnectionString);

        Assert.Equal(HttpStatusCode.Accepted, await StatusAsync(host, HttpMethod.Get));
        Assert.Equal(HttpStatusCode.Accepted, await StatusAsync(host, HttpMethod.Post, ("Origin", host.Client.BaseAddress!.GetLeftPart(UriPartial.Authority))));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(host, HttpMethod.Post, ("Origin", "https://attacker.example")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(host, HttpMethod.Post, ("Origin", "null")));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(host, HttpMethod.Get, ("Host", "attacker.example")));
    }

    [Fact]
    public async Task Call_ForwardedHostIsForged_LinksLeadToThisHost()
    {
        await using var host = await SampleHost.StartAsync(azurite.ConnectionString);
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/start/AwaitEvent") { Content = JsonContent.Create("") };
        request.Headers.Add("X-Forwarded-Host", "attacker.example");
        request.Headers.Add("X-Forwarded-Proto", "https");

        using var answer = await host.Client.SendAsync(request);

        Assert.True(answer.IsSuccessStatusCode);
        Assert.Contains("statusQueryGetUri", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.DoesNotContain("attacker", $"{answer.Headers}{await answer.Content.ReadAsStringAsync()}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_WrongMethodOrAddress_IsAProblemThatSaysWhatIsAllowed()
    {
        await using var host = await SampleHost.StartAsync(azurite.ConnectionString);

        using var method = await host.Client.DeleteAsync("admin/host/status");
        using var address = await host.Client.GetAsync("no/such/address");

        Assert.Equal(HttpStatusCode.MethodNotAllowed, method.StatusCode);
        Assert.Equal(["GET"], method.Content.Headers.Allow);
        Assert.Equal(405, (await ProblemAsync(method)).GetProperty("status").GetInt32());
        Assert.Equal(404, (await ProblemAsync(address)).GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task Call_ManyWrongKeys_WaitsAlsoWithTheRightOne()
    {
        await using var host = await SampleHost.StartAsync(
            azurite.ConnectionString,
            ("AZURE_FUNCTIONS_ENVIRONMENT", "Production"), ("FunctionKeys__Master", "master-key"), ("LocalHost__WrongKeysPerMinute", "3"));

        var answers = new List<HttpStatusCode>();
        for (var guess = 0; guess < 3; guess++)
            answers.Add(await StatusAsync(host, HttpMethod.Get, "admin/host/status", ("x-functions-key", $"guess-{guess}")));
        answers.Add(await StatusAsync(host, HttpMethod.Get, "admin/host/status", ("x-functions-key", "master-key")));

        Assert.Equal(
            [HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests], answers);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(host, HttpMethod.Get, "healthz/live"));
    }

    private static Task<HttpStatusCode> StatusAsync(SampleHost host, HttpMethod method, params (string Name, string Value)[] headers) =>
        StatusAsync(host, method, "api/echo/x", headers);

    private static async Task<HttpStatusCode> StatusAsync(SampleHost host, HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await host.Client.SendAsync(request);
        return answer.StatusCode;
    }

    private static async Task<JsonElement> ProblemAsync(HttpResponseMessage answer)
    {
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
