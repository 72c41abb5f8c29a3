using LznPipeline.Testing;

namespace Microsoft.DurableTask.Tests.Engine;

public sealed class OrchestrationTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    [Fact]
    public async Task Chain_OfActivities_GivesEachResultToTheNext()
    {
        await using var host = await StartAsync(tasks => tasks
            .AddOrchestratorFunc<int, int>("Chain", async (context, length) =>
            {
                var value = 0;
                for (var i = 0; i < length; i++)
                    value = await context.CallActivityAsync<int>("Increment", value);
                return value;
            })
            .AddActivityFunc<int, int>("Increment", (_, value) => value + 1));

        var end = await host.RunAsync("Chain", 100);

        Assert.Equal(100, end.ReadOutputAs<int>());
    }

    [Fact]
    public async Task FanOut_OfAThousand_GivesAllResults()
    {
        await using var host = await StartAsync(tasks => tasks
            .AddOrchestratorFunc<int, int>("FanOut", async (context, width) =>
                (await Task.WhenAll(Enumerable.Range(0, width).Select(i => context.CallActivityAsync<int>("Square", i)))).Sum())
            .AddActivityFunc<int, int>("Square", (_, value) => value * value));

        var end = await host.RunAsync("FanOut", 1000);

        Assert.Equal(Enumerable.Range(0, 1000).Sum(i => i * i), end.ReadOutputAs<int>());
    }

    private Task<TestHost> StartAsync(Action<DurableTaskRegistry> tasks) => TestHost.StartAsync(azurite.ConnectionString, azurite.NewHub(), tasks);
}
