using System.Net;
using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using LznPipeline.LocalHost.Tests.Hosting;
using LznPipeline.Testing;

namespace LznPipeline.LocalHost.Tests.Timers;

[Collection(OnSharedHost.Name)]
public sealed class TimerTests(SharedHost shared)
{
    [Fact]
    public async Task Start_TimerWithRunOnStartup_RunsOnce() => Assert.Single(await shared.Host.NotedAsync("start"));

    [Fact]
    public async Task StartByHand_Timer_RunsIt()
    {
        using var answer = await shared.Client.PostAsync("admin/functions/tick", content: null);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.EndsWith("in time", Assert.Single(await shared.Host.NotedAsync("tick")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing", HttpStatusCode.NotFound, "There is no function 'nothing'. Timers: ")]
    [InlineData("Chain", HttpStatusCode.BadRequest, "Function 'Chain' has trigger orchestrationTrigger. Only timers are run this way: ")]
    public async Task StartByHand_OtherThanATimer_SaysWhichThereAre(string function, HttpStatusCode expected, string text)
    {
        using var answer = await shared.Client.PostAsync($"admin/functions/{function}", content: null);

        Assert.Equal(expected, answer.StatusCode);
        var message = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("message").GetString();
        Assert.StartsWith(text, message, StringComparison.Ordinal);
        Assert.Contains("Tick", message, StringComparison.Ordinal);
    }
}

public sealed class TimerScheduleTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private const string EverySecond = "* * * * * *";

    [Fact]
    public async Task Run_TwoHostsOfOneId_OneOfThemRunsTheTimer()
    {
        (string, string?)[] settings = [("AzureFunctionsWebHost__hostid", azurite.NewPrefix()), ("SampleSchedule", EverySecond)];
        await using var one = await SampleHost.StartAsync(azurite.ConnectionString, settings);
        await using var two = await SampleHost.StartAsync(azurite.ConnectionString, settings);

        await one.NotedAsync("tick", one.Notes("tick").Length + 3);

        Assert.Empty(two.Notes("tick"));
    }

    [Fact]
    public async Task Start_RunWasMissed_IsCaughtUpOnceAndWrittenDown()
    {
        var id = azurite.NewPrefix();
        var status = new BlobContainerClient(azurite.ConnectionString, "azure-webjobs-hosts").GetBlobClient($"timers/{id}/Functions.Tick/status");
        await new BlobContainerClient(azurite.ConnectionString, "azure-webjobs-hosts").CreateIfNotExistsAsync();
        var (last, next) = (
            new DateTime(DateTime.Now.Year - 1, 6, 1, 0, 0, 0, DateTimeKind.Local),
            new DateTime(DateTime.Now.Year, 1, 1, 0, 0, 0, DateTimeKind.Local));
        await status.UploadAsync(BinaryData.FromObjectAsJson(new { Last = last, Next = next, LastUpdated = last }));

        await using var host = await SampleHost.StartAsync(azurite.ConnectionString, ("AzureFunctionsWebHost__hostid", id));

        Assert.EndsWith("late", Assert.Single(await host.NotedAsync("tick")), StringComparison.Ordinal);
        await Eventually.BecomesAsync(NextAsync, time => time > DateTime.Now);
        Assert.Single(host.Notes("tick"));

        async Task<DateTime> NextAsync() =>
            (await status.DownloadContentAsync()).Value.Content.ToObjectFromJson<JsonElement>().GetProperty("Next").GetDateTime();
    }

    [Fact]
    public async Task Run_LeaseIsBroken_IsTakenAgainAndTheTimerGoesOn()
    {
        var id = azurite.NewPrefix();
        await using var host = await SampleHost.StartAsync(
            azurite.ConnectionString,
            ("AzureFunctionsWebHost__hostid", id),
            ("SampleSchedule", EverySecond),
            ("AzureFunctionsJobHost__Singleton__ListenerLockPeriod", "00:00:15"));
        await host.NotedAsync("tick");
        var container = new BlobContainerClient(azurite.ConnectionString, "azure-webjobs-hosts");
        var name = container.GetBlobs(BlobTraits.None, BlobStates.None, $"locks/{id}/", default)
            .Single(blob => blob.Name.EndsWith(".Tick.Listener", StringComparison.Ordinal)).Name;

        await container.GetBlobClient(name).GetBlobLeaseClient().BreakAsync(TimeSpan.Zero);

        await host.HearsAsync("is lost; the timer waits until it is taken again");
        await Eventually.BecomesAsync(
            async () => (await container.GetBlobClient(name).GetPropertiesAsync()).Value.LeaseState,
            state => state is LeaseState.Leased);
        await host.NotedAsync("tick", host.Notes("tick").Length + 2);
    }
}
