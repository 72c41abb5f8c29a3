using Lzn.Functions;
using Lzn.Functions.Catalog;
using Microsoft.Azure.Functions.Worker.Tests.Hosting;
using Microsoft.Azure.Functions.Worker.Tests.Sample;

namespace Microsoft.Azure.Functions.Worker.Tests.Catalog;

public sealed class FunctionDiscoveryTests
{
    [Theory]
    [InlineData("Function 'Twin' is declared 2 times")]
    [InlineData("Function 'NoTrigger' (Microsoft.Azure.Functions.Worker.Tests.Catalog.BrokenFunctions.NoTrigger): 0 parameters have a trigger attribute")]
    [InlineData("TwoTriggers): 2 parameters have a trigger attribute")]
    [InlineData("parameter 'message' has trigger KafkaTriggerAttribute, which this host does not know")]
    [InlineData("parameter 'client' is System.Object. Allowed there: DurableTaskClient")]
    [InlineData("parameter 'request' is System.String. Allowed there: HttpRequest, HttpRequestData, FunctionContext")]
    [InlineData("Function 'BadSchedule': schedule '0 0 25 * * *' is wrong")]
    [InlineData("Function 'FourFields': schedule '2 * * *' is wrong: it has 4 fields, not 6")]
    [InlineData("Function 'MissingSetting': the schedule is '%NightlySchedule%', but there is no app setting 'NightlySchedule'")]
    [InlineData("Function 'BadRoute': route 'a/{b' is not a route template")]
    [InlineData("Functions 'RouteA' and 'RouteB' answer at the same address [POST] /api/same/{y}")]
    [InlineData("authorization level User is not supported")]
    [InlineData("the name is 'Bad name'")]
    [InlineData("'async void' cannot be awaited")]
    [InlineData("App setting 'AzureWebJobsStorage' is missing")]
    public async Task Start_BrokenFunctions_OneMessageNamesEveryProblem(string problem)
    {
        var refused = await Assert.ThrowsAsync<FunctionsStartException>(() => TestHost.StartAsync([typeof(BrokenFunctions)]));

        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_DisabledFunction_IsNotThere()
    {
        await using var host = await TestHost.StartAsync([typeof(HttpSamples)], settings: [("AzureWebJobs.Action.Disabled", "true")]);
        using var off = await host.Client.GetAsync("/api/Action");
        using var on = await host.Client.GetAsync("/api/Result");

        Assert.Equal((404, 201), ((int)off.StatusCode, (int)on.StatusCode));
        Assert.Contains("Function Action is disabled", host.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Find_AssemblyOfTheApp_FindsFunctionsOfInternalTypes()
    {
        var types = FunctionAssemblies.TypesOf(typeof(FunctionDiscoveryTests).Assembly).ToList();

        Assert.Contains(typeof(HttpSamples), types);
        Assert.DoesNotContain(typeof(FunctionAttribute), types);
    }

    [Fact]
    public void Definition_OfAFunction_NamesItsBindings()
    {
        var function = new FunctionDiscovery(new List<string>()).Find([typeof(HttpSamples)]).Find("several")!;

        Assert.Equal("httpTrigger", function.InputBindings["request"].Type);
        Assert.Equal("http", function.OutputBindings["Answer"].Type);
        Assert.EndsWith("HttpSamples.Several", function.EntryPoint, StringComparison.Ordinal);
    }
}
