using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using Azure.Storage.Blobs;
using LznPipeline.Testing;
using Microsoft.Azure.Functions.Worker.Tests.Hosting;
using Microsoft.Azure.Functions.Worker.Tests.Sample;

namespace Microsoft.Azure.Functions.Worker.Tests.Timers;

public sealed class TimerFunctionTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private readonly string _hostId = azurite.NewPrefix();

    [Fact]
    public async Task Schedule_EverySecond_RunsInAScopeWithoutAStatus()
    {
        await using var host = await StartAsync(typeof(Often));

        var lines = await Eventually.Becomes(() => host.Journal.Lines, lines => lines.Count(line => line == "often False") >= 2);

        Assert.DoesNotContain("overlap", lines);
    }

    [Fact]
    public async Task Monitor_MissedOccurrence_IsCaughtUpOnceAndTheStatusMovesOn()
    {
        var status = Status("Rare");
        await status.UploadAsync(BinaryData.FromObjectAsJson(new ScheduleStatus { Last = Utc(2001), Next = Utc(2002), LastUpdated = Utc(2001) }));

        await using (var host = await StartAsync(typeof(TimerSamples)))
            await Eventually.Becomes(() => host.Journal.Lines, lines => lines.Contains("rare past due True monitored True scope True"));
        var after = (await status.DownloadContentAsync()).Value.Content.ToObjectFromJson<ScheduleStatus>()!;
        await using var again = await StartAsync(typeof(TimerSamples));
        await Eventually.Becomes(() => again.Logs.Text, text => text.Contains("Timer Rare next runs at", StringComparison.Ordinal));

        Assert.Equal(Utc(DateTime.UtcNow.Year + 1), after.Next);
        Assert.DoesNotContain(again.Journal.Lines, line => line.StartsWith("rare", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Monitor_ScheduleChangedSince_IsNotPastDue()
    {
        var status = Status("Rare");
        await status.UploadAsync(BinaryData.FromObjectAsJson(new ScheduleStatus { Last = Utc(2001), Next = Utc(2001).AddHours(1), LastUpdated = Utc(2001) }));

        await using var host = await StartAsync(typeof(TimerSamples));
        await Eventually.Becomes(() => host.Logs.Text, text => text.Contains("Timer Rare next runs at", StringComparison.Ordinal));

        Assert.Equal(Utc(DateTime.UtcNow.Year + 1), (await status.DownloadContentAsync()).Value.Content.ToObjectFromJson<ScheduleStatus>()!.Next);
        Assert.DoesNotContain(host.Journal.Lines, line => line.StartsWith("rare", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Monitor_StatusThatIsNoJson_IsReplaced()
    {
        await Status("Rare").UploadAsync(BinaryData.FromString("half a sta"));

        await using var host = await StartAsync(typeof(TimerSamples));

        await Eventually.Becomes(() => host.Logs.Text, text => text.Contains("Timer Rare next runs at", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Singleton_TwoHosts_OnlyOneRunsAndTheOtherTakesOverWhenItStops()
    {
        await using var first = await StartAsync(typeof(Often));
        await Eventually.Becomes(() => first.Journal.Lines, lines => lines.Contains("often False"));
        await using var second = await StartAsync(typeof(Often));
        await Eventually.Becomes(() => first.Journal.Count("often False"), count => count >= 3);
        var beside = second.Journal.Count("often False");

        await first.StopAsync();
        await Eventually.Becomes(() => second.Journal.Lines, lines => lines.Contains("often False"), TimeSpan.FromSeconds(40));

        Assert.Equal(0, beside);
    }

    [Fact]
    public async Task Retry_FunctionFails_RunsAgainAsOftenAsToldAndGoesOn()
    {
        await using var host = await StartAsync(typeof(Failing));

        await Eventually.Becomes(() => host.Journal.Lines, lines => lines.Contains("attempt 2"));

        Assert.Equal(["attempt 0 of 2", "attempt 1 of 2", "attempt 2"], host.Journal.Lines.Take(3));
    }

    [Fact]
    public async Task RunOnStartup_EachStart_RunsOnceNow()
    {
        await using var host = await StartAsync(typeof(AtStart));

        await Eventually.Becomes(() => host.Journal.Lines, lines => lines.Contains("at start"));
    }

    [Fact]
    public async Task RunOnStartup_TwoHosts_RunsOnTheOneThatHasTheTimers()
    {
        await using var first = await StartAsync(typeof(AtStart));
        await Eventually.Becomes(() => first.Journal.Lines, lines => lines.Contains("at start"));
        await using var second = await StartAsync(typeof(AtStart));
        await Eventually.Becomes(() => second.Logs.Text, text => text.Contains("run on another host", StringComparison.Ordinal));

        Assert.Empty(second.Journal.Lines);
        Assert.Equal(1, first.Journal.Count("at start"));
    }

    [Fact]
    public async Task Monitor_SwitchedOff_KeepsNoStatus()
    {
        await using var host = await StartAsync(typeof(AtStart));
        await Eventually.Becomes(() => host.Logs.Text, text => text.Contains("Timer AtStart next runs at", StringComparison.Ordinal));

        Assert.False(await Status("AtStart").ExistsAsync());
    }

    [Theory]
    [InlineData("Tokyo Standard Time")]
    [InlineData("Asia/Tokyo")]
    public async Task TimeZone_WindowsOrIanaName_IsTheClockOfTheSchedule(string zone)
    {
        await using var host = await TestHost.StartAsync(
            [typeof(AtStart)], settings: [("AzureWebJobsStorage", azurite.ConnectionString), ("AzureFunctionsWebHost:hostid", _hostId), ("WEBSITE_TIME_ZONE", zone)]);

        await Eventually.Becomes(() => host.Logs.Text, text => text.Contains($"Timer AtStart next runs at {DateTime.UtcNow.AddHours(9).Year}-12-31 15:00:00Z", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TimeZone_NobodyKnows_IsRefusedAtTheStart()
    {
        var refused = await Assert.ThrowsAsync<Lzn.Functions.FunctionsStartException>(() => TestHost.StartAsync(
            [typeof(AtStart)], settings: [("AzureWebJobsStorage", azurite.ConnectionString), ("WEBSITE_TIME_ZONE", "Mars/Base")]));

        Assert.StartsWith("WEBSITE_TIME_ZONE is 'Mars/Base', which this machine does not know.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metrics_OfATimer_CountItsRunsAndWhatItMissed()
    {
        var measured = new ConcurrentQueue<(string Name, string? Trigger)>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, listener) => { if (instrument.Meter.Name == "Microsoft.Azure.Functions.Worker") listener.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Keep(instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Keep(instrument, tags));
        listener.Start();
        await Status("Measured").UploadAsync(BinaryData.FromObjectAsJson(new ScheduleStatus { Last = Utc(2001), Next = Utc(2002), LastUpdated = Utc(2001) }));

        await using var host = await StartAsync(typeof(Measured));
        await Eventually.Becomes(() => measured.Count, count => count == 2);

        Assert.Equal([("functions.timer.missed", null), ("faas.invoke_duration", "timer")], measured);

        void Keep(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var named = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value as string);
            if (named["faas.name"] == "Measured")
                measured.Enqueue((instrument.Name, named.GetValueOrDefault("faas.trigger")));
        }
    }

    [Fact]
    public async Task Stop_TimerThatRuns_EndsWithinTheLimitAndIsNotCaughtUpAgain()
    {
        await Status("Lasting").UploadAsync(BinaryData.FromObjectAsJson(new ScheduleStatus { Last = Utc(2001), Next = Utc(2002), LastUpdated = Utc(2001) }));
        await using (var first = await StartAsync(typeof(LastingTimer)))
        {
            await Eventually.Becomes(() => first.Journal.Lines, lines => lines.Contains("begun"));
            var stopped = first.StopAsync();
            await Eventually.Becomes(() => first.IsStopping, stopping => stopping);
            LastingTimer.GoOn.SetResult();
            await stopped;
            Assert.Equal(["begun", "ended, cancelled False"], first.Journal.Lines);
        }

        await using var second = await StartAsync(typeof(LastingTimer));
        await Eventually.Becomes(() => second.Logs.Text, text => text.Contains("Timer Lasting next runs at", StringComparison.Ordinal));

        Assert.Empty(second.Journal.Lines);
    }

    [Fact]
    public async Task ManualRun_OfATimer_Is202AndRunsItOfOthersIsRefused()
    {
        await using var host = await StartAsync(typeof(TimerSamples), typeof(HttpSamples));
        using var timer = await host.Client.PostAsync("/admin/functions/rare", new StringContent("""{"input":""}"""));
        using var http = await host.Client.PostAsync("/admin/functions/Action", content: null);
        using var none = await host.Client.PostAsync("/admin/functions/nobody", content: null);

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.BadRequest, HttpStatusCode.NotFound), (timer.StatusCode, http.StatusCode, none.StatusCode));
        await Eventually.Becomes(() => host.Journal.Lines, lines => lines.Contains("rare past due False monitored False scope True"));
    }

    private static DateTime Utc(int year) => new(year, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private Task<TestHost> StartAsync(params Type[] functions) => TestHost.StartAsync(
        functions, settings: [("AzureWebJobsStorage", azurite.ConnectionString), ("AzureFunctionsWebHost:hostid", _hostId)]);

    private BlobClient Status(string function)
    {
        var container = new BlobContainerClient(azurite.ConnectionString, "azure-webjobs-hosts");
        container.CreateIfNotExists();
        return container.GetBlobClient($"timers/{_hostId}/{function}/status");
    }

    internal sealed class Often(Journal journal, ScopedService scoped)
    {
        private static int _running;

        [Function("Often")]
        public async Task RunAsync([TimerTrigger("* * * * * *")] TimerInfo timer, CancellationToken stop)
        {
            if (Interlocked.Increment(ref _running) > 2) // two hosts at most, one of them handing over
                journal.Write("overlap");
            await Task.Delay(50, stop);
            Interlocked.Decrement(ref _running);
            journal.Write($"often {timer.ScheduleStatus is not null || scoped.Id == Guid.Empty}");
        }
    }

    internal sealed class Failing(Journal journal)
    {
        [Function("Failing")]
        [FixedDelayRetry(2, "00:00:00.010")]
        public void Run([TimerTrigger("0 0 0 1 1 *", RunOnStartup = true)] TimerInfo timer, FunctionContext context)
        {
            journal.Write(context.RetryContext.RetryCount < 2 ? $"attempt {context.RetryContext.RetryCount} of {context.RetryContext.MaxRetryCount}" : "attempt 2");
            throw new InvalidOperationException("as told");
        }
    }

    internal sealed class Measured
    {
        [Function("Measured")]
        public static void Run([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer)
        {
        }
    }

    internal sealed class LastingTimer(Journal journal)
    {
        public static TaskCompletionSource GoOn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        [Function("Lasting")]
        public async Task RunAsync([TimerTrigger("0 0 0 1 1 *")] TimerInfo timer, CancellationToken stop)
        {
            journal.Write("begun");
            await GoOn.Task;
            journal.Write($"ended, cancelled {stop.IsCancellationRequested}");
        }
    }

    internal sealed class AtStart(Journal journal)
    {
        [Function("AtStart")]
        public void Run([TimerTrigger("0 0 0 1 1 *", RunOnStartup = true, UseMonitor = false)] TimerInfo timer) => journal.Write("at start");
    }
}
