using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using LznPipeline.Testing;

namespace Microsoft.Azure.Functions.Worker.Tests.Http;

public sealed class HttpTriggerTests(HttpHostFixture fixture) : IClassFixture<HttpHostFixture>
{
    private HttpClient Client => fixture.Host.Client;

    [Fact]
    public async Task ActionResult_Object_IsWrittenInCamelCase() =>
        Assert.Equal("""{"id":1,"name":"one"}""", await Client.GetStringAsync("/api/Action"));

    [Fact]
    public async Task Result_IResult_IsExecuted()
    {
        using var response = await Client.GetAsync("/api/Result");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("""{"id":2,"name":"two"}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task ResponseData_JsonHeadersAndCookie_ArriveAsWritten()
    {
        using var response = await Client.GetAsync("/api/Data?name=drei");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal("application/json; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal(["a", "b"], response.Headers.GetValues("x-answer"));
        Assert.Equal("crumb=1; path=/; samesite=strict; httponly", response.Headers.GetValues("Set-Cookie").Single());
        Assert.Equal("""{"Id":3,"Name":"drei"}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task ResponseData_String_HasNoContentType()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/Text") { Content = new StringContent("hello") };
        request.Headers.Add("x-note", "n1");
        using var response = await Client.SendAsync(request);

        Assert.Equal("POST /api/Text n1 hello", await response.Content.ReadAsStringAsync());
        Assert.Null(response.Content.Headers.ContentType);
    }

    [Fact]
    public async Task ResponseData_SynchronousWrite_IsRefusedByTheServer()
    {
        using var response = await Client.GetAsync("/api/Sync");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains("Synchronous operations are disallowed", fixture.Host.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SeveralOutputs_PropertyMarkedAsHttpResult_IsTheResponse()
    {
        using var response = await Client.GetAsync("/api/Several");

        Assert.Equal(418, (int)response.StatusCode);
    }

    [Fact]
    public async Task Poco_WithoutHttpResult_LeavesAnEmptyAnswerAndAWarning()
    {
        using var response = await Client.GetAsync("/api/Poco");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsStringAsync());
        Assert.Contains("Poco returned Item, which is not an HTTP response", fixture.Host.Logs.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/items/5", """{"id":5,"part":null,"times":7}""")]
    [InlineData("/api/items/5/left", """{"id":5,"part":"left","times":7}""")]
    [InlineData("/api/ITEMS/5?times=2", """{"id":5,"part":null,"times":2}""")]
    public async Task Route_ValuesAndDefaults_BindByName(string path, string expected) => Assert.Equal(expected, await Client.GetStringAsync(path));

    [Theory]
    [InlineData("/api/items/five")]
    [InlineData("/items/5")]
    [InlineData("/api/nothing")]
    public async Task Route_NoTemplateFits_Is404(string path)
    {
        using var response = await Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Route_WrongMethod_Is404AsOnAzure()
    {
        using var response = await Client.PostAsync("/api/Action", content: null);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Parameters_QueryThenBodyMembers_ConvertToTheirTypes()
    {
        var key = Guid.NewGuid();
        using var response = await Client.PostAsJsonAsync($"/api/Bound?key={key}", new { NAME = "n", sizes = new[] { 1, 2 }, key = "ignored: the query wins" });
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();

        Assert.Equal(key, answer.GetProperty("key").GetGuid());
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("at").ValueKind);
        Assert.Equal("n", answer.GetProperty("name").GetString());
        Assert.Equal("[1,2]", answer.GetProperty("sizes").GetRawText());
    }

    [Fact]
    public async Task Parameters_SeveralAreWrong_AllAreNamedInTheLog()
    {
        using var response = await Client.PostAsJsonAsync("/api/Bound?at=tomorrow", new { sizes = "no array" });

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains("parameter 'key' (Guid) has no value", fixture.Host.Logs.Text, StringComparison.Ordinal);
        Assert.Contains("parameter 'at': 'tomorrow' is not a DateTime", fixture.Host.Logs.Text, StringComparison.Ordinal);
        Assert.Contains("parameter 'sizes': 'no array' is not a Int32[]", fixture.Host.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FromBody_Json_IsReadWithMvcsOptions()
    {
        using var response = await Client.PostAsJsonAsync("/api/Body", new { id = 4, name = "four" });

        Assert.Equal("""{"id":4,"name":"four"}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task FromBody_BrokenJson_FailsTheInvocationAndSaysWhy()
    {
        using var content = new StringContent("""{"id": "four"}""", Encoding.UTF8, "application/json");
        using var response = await Client.PostAsync("/api/Body", content);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains("The request's body is not a Item", fixture.Host.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Scope_OneInvocation_HasOneThatEndsWithIt()
    {
        var answer = await Client.GetFromJsonAsync<JsonElement>("/api/Scope");
        var id = answer.GetProperty("injected").GetGuid();

        Assert.Equal(id, answer.GetProperty("instance").GetGuid());
        Assert.Equal(id, answer.GetProperty("request").GetGuid());
        Assert.True(answer.GetProperty("same").GetBoolean());
        await Eventually.Becomes(() => fixture.Host.Journal.Lines, lines => lines.Contains("disposed " + id));
    }

    [Fact]
    public async Task Exception_OfTheFunction_IsAnEmpty500AndALogLine()
    {
        using var response = await Client.GetAsync("/api/Throws");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsStringAsync());
        Assert.Contains("inner secret", fixture.Host.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancellation_ClientGoesAway_ReachesContextAndParameter()
    {
        using var leave = new CancellationTokenSource();
        var request = Client.GetAsync("/api/Waits", leave.Token);
        await Eventually.Becomes(() => fixture.Host.Journal.Lines, lines => lines.Contains("waiting"));

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await Eventually.Becomes(() => fixture.Host.Journal.Lines, lines => lines.Contains("cancelled True"));
    }
}
