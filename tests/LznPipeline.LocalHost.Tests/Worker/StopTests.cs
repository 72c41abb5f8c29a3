using System.Net.Http.Json;
using System.Text.Json;
using LznPipeline.LocalHost.Tests.Durable;
using LznPipeline.LocalHost.Tests.Hosting;
using LznPipeline.Testing;

namespace LznPipeline.LocalHost.Tests.Worker;

public sealed class StopTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    [Fact]
    public async Task Stop_ActivityRuns_LetsItFinishAndExitsWith0()
    {
        await using var host = await SampleHost.StartAsync(azurite.ConnectionString, ("LocalHost__DrainSeconds", "60"));
        await new Management(host.Client).StartAsync("HoldActivity", "activity");
        var worker = int.Parse(Assert.Single(await host.NotedAsync("activity.began")), provider: null);

        await Signals.SendAsync("TERM", host.Id);
        await host.HearsAsync("stopping");
        host.Release("activity");

        Assert.Equal(0, (await host.EndsAsync()).Code);
        Assert.Equal(["released"], host.Notes("activity.ended"));
        Assert.False(Signals.IsAlive(worker));
    }

    [Fact]
    public async Task Stop_ActivityOutlastsTheDrain_IsCancelled()
    {
        await using var host = await SampleHost.StartAsync(azurite.ConnectionString, ("LocalHost__DrainSeconds", "0"));
        await new Management(host.Client).StartAsync("HoldActivity", "activity");
        await host.NotedAsync("activity.began");

        Assert.Equal(0, await host.StopAsync());

        Assert.Equal(["cancelled"], host.Notes("activity.ended"));
    }

    [Fact]
    public async Task HostKilled_Worker_EndsSoon()
    {
        await using var host = await SampleHost.StartAsync(azurite.ConnectionString);
        var worker = await WorkerAsync(host);

        await Signals.SendAsync("KILL", host.Id);

        await Eventually.Becomes(() => Signals.IsAlive(worker), alive => !alive);
    }

    /// <summary>A stopped process hears no SIGTERM, which is as good as one that ignores it.</summary>
    [Theory]
    [InlineData("TERM")]
    [InlineData("KILL")]
    public async Task HostEnds_WorkerIgnoresSigterm_IsKilled(string signal)
    {
        await using var host = await SampleHost.StartAsync(azurite.ConnectionString, ("LocalHost__WorkerStopSeconds", "1"));
        var worker = await WorkerAsync(host);
        await Signals.SendAsync("STOP", worker);

        await Signals.SendAsync(signal, host.Id);

        await Eventually.Becomes(() => Signals.IsAlive(worker), alive => !alive);
    }

    private static async Task<int> WorkerAsync(SampleHost host) =>
        (await host.Client.GetFromJsonAsync<JsonElement>("api/echo/x")).GetProperty("processId").GetInt32();
}
