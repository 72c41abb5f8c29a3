using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Lzn.Durable.History;
using Lzn.Durable.Storage;
using Lzn.Durable.Tracing;
using LznPipeline.Testing;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;

namespace Microsoft.DurableTask.Tests.Engine;

/// <summary>What the engine tells of itself: spans with the names and attributes of the Durable Task SDKs, and metrics.</summary>
public sealed class TracingTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    [Fact]
    public async Task Trace_FromTheCallerToActivitiesOfChildren_IsOneTree()
    {
        using var spans = new SpanRecorder();
        await using var host = await DurableTaskTestHost.StartAsync(Tasks);

        var id = await RunAsync(host.Client, "Outer");

        var created = spans.Only("create_orchestration:Outer");
        var (outer, inner) = (await EndedAsync(spans, "orchestration:Outer"), spans.Only("orchestration:Inner"));
        Assert.Equal(
            [(spans.Root.SpanId, ActivityKind.Producer), (created.SpanId, ActivityKind.Server), (outer.SpanId, ActivityKind.Server), (outer.SpanId, ActivityKind.Server), (inner.SpanId, ActivityKind.Server)],
            new[] { created, outer, inner, spans.Only("activity:Double"), spans.Only("activity:Fail") }.Select(span => (span.ParentSpanId, span.Kind)));
        Assert.Equal(
            ("activity", "Double", id, 0, ActivityStatusCode.Unset),
            (Tag("durabletask.type"), Tag("durabletask.task.name"), Tag("durabletask.task.instance_id"), Tag("durabletask.task.task_id"), spans.Only("activity:Double").Status));
        Assert.Equal(("Failed", ActivityStatusCode.Error), (inner.GetTagItem("durabletask.task.status"), inner.Status));
        Assert.Equal(("broken", ActivityStatusCode.Error), (spans.Only("activity:Fail").StatusDescription, spans.Only("activity:Fail").Status));

        object? Tag(string name) => spans.Only("activity:Double").GetTagItem(name);
    }

    [Fact]
    public async Task Trace_HostThatReplaysAfterAnother_TellsEachSpanOnceAndUnderTheSameParent()
    {
        using var spans = new SpanRecorder();
        var hub = azurite.NewHub();
        string id;
        await using (var first = await TestHost.StartAsync(azurite.ConnectionString, hub, Tasks))
        {
            id = await first.Client.ScheduleNewOrchestrationInstanceAsync("Waits");
            await EndedAsync(spans, "activity:Double");
            await Eventually.BecomesAsync(() => first.History.GetHistoryAsync(id), turns => turns!.Any(turn => turn.Arrived.Any(happened => happened is TaskCompleted))); // it exists
        }

        await using var second = await TestHost.StartAsync(azurite.ConnectionString, hub, Tasks);
        await second.Client.RaiseEventAsync(id, "Go");
        await second.EndAsync(id);

        var orchestration = await EndedAsync(spans, "orchestration:Waits");
        Assert.Equal(
            ["activity:Double", "activity:Triple", "create_orchestration:Waits", "orchestration:Waits", "orchestration_event:Go"],
            spans.Ended.Where(span => span.Source.Name == "Microsoft.DurableTask").Select(span => span.OperationName).Order(StringComparer.Ordinal));
        Assert.Equal((orchestration.SpanId, orchestration.SpanId), (spans.Only("activity:Double").ParentSpanId, spans.Only("activity:Triple").ParentSpanId));
        Assert.True(orchestration.StartTimeUtc <= spans.Only("activity:Double").StartTimeUtc && orchestration.Duration >= spans.Only("activity:Double").Duration);
    }

    [Fact]
    public async Task Trace_ContinueAsNew_TellsASpanForEachExecution()
    {
        using var spans = new SpanRecorder();
        await using var host = await DurableTaskTestHost.StartAsync(Tasks);

        await RunAsync(host.Client, "Again", 2);

        var created = spans.Only("create_orchestration:Again");
        var executions = await Eventually.Becomes(() => spans.Ended.Where(span => span.OperationName == "orchestration:Again").ToList(), ended => ended.Count == 3);
        Assert.Equal(["ContinuedAsNew", "ContinuedAsNew", "Completed"], executions.Select(span => span.GetTagItem("durabletask.task.status")));
        Assert.Equal(3, executions.Select(span => span.SpanId).Distinct().Count());
        Assert.All(executions, span => Assert.Equal(created.SpanId, span.ParentSpanId));
    }

    [Fact]
    public async Task Trace_CodeOfAnOrchestrator_RunsInItsSpanAndNotInThatOfWhoWokeIt()
    {
        using var spans = new SpanRecorder();
        var seen = new ConcurrentQueue<string?>();
        await using var host = await DurableTaskTestHost.StartAsync(tasks => tasks.AddOrchestratorFunc("Looks", async context =>
        {
            seen.Enqueue(Activity.Current?.Id);
            await context.WaitForExternalEvent<object?>("Go");
            seen.Enqueue(Activity.Current?.Id);
            return 0;
        }));

        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Looks");
        await host.Client.WaitForInstanceStartAsync(id);
        await host.Client.RaiseEventAsync(id, "Go");
        await host.Client.WaitForInstanceCompletionAsync(id);

        var told = await EndedAsync(spans, "orchestration:Looks");
        Assert.Equal([told.Id, told.Id], seen);
    }

    [Fact]
    public void Trace_OfAnActivityThatAnyHostMayRun_TravelsInItsMessage()
    {
        var message = new ActivityMessage("i", "e", new TaskScheduled(1, "Work", "", Input: null), new TraceLink("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "vendor=1").OfExecution("e"));

        var read = HistoryJson.FromBytes<ActivityMessage>(HistoryJson.ToBytes(message), "The message");

        Assert.Equal($"00-0af7651916cd43dd8448eb211c80319c-{TraceLink.SpanIdOf("e")}-01", read.Trace?.Parent);
        Assert.Equal(("vendor=1", ActivityTraceFlags.Recorded), (read.Trace?.Context?.TraceState, read.Trace?.Context?.TraceFlags));
    }

    [Fact]
    public async Task Trace_NobodyListensOrTraces_StoresNoneAndRunsAllTheSame()
    {
        Activity.Current = null;
        await using var host = await DurableTaskTestHost.StartAsync(Tasks);

        var end = await host.Client.WaitForInstanceCompletionAsync(await host.Client.ScheduleNewOrchestrationInstanceAsync("Again", 0));

        Assert.Equal(OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
    }

    [Fact]
    public async Task Metrics_OfARun_CountItsStartEndTurnsActivitiesAndHistory()
    {
        var measured = new ConcurrentQueue<(string Name, string? Status, double Value)>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, listener) => { if (instrument.Meter.Name == "Microsoft.DurableTask") listener.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.Start();
        await using var host = await DurableTaskTestHost.StartAsync(tasks => tasks
            .AddOrchestratorFunc("MeasuredFlow", context => context.CallActivityAsync<int>("MeasuredWork"))
            .AddActivityFunc("MeasuredWork", _ => 1));

        await RunAsync(host.Client, "MeasuredFlow");
        await Eventually.Becomes(() => measured.ToList(), all => all.Any(one => one.Name == "durable.history.size"));

        Assert.Equal(
            [("durable.activity.duration", "Completed"), ("durable.history.size", null), ("durable.orchestrations.ended", "Completed"), ("durable.orchestrations.started", null), ("durable.turn.duration", null)],
            measured.Select(one => (one.Name, one.Status)).Distinct().OrderBy(one => one.Name, StringComparer.Ordinal));
        Assert.Equal(2, measured.Count(one => one.Name == "durable.turn.duration"));
        Assert.All(measured, one => Assert.True(one.Value > 0));

        void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var named = tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value as string);
            if (named.GetValueOrDefault("durabletask.task.name") is "MeasuredFlow" or "MeasuredWork")
                measured.Enqueue((instrument.Name, named.GetValueOrDefault("durabletask.task.status"), value));
        }
    }

    private static async Task<string> RunAsync(DurableTaskClient client, string orchestrator, object? input = null)
    {
        var id = await client.ScheduleNewOrchestrationInstanceAsync(orchestrator, input);
        await client.WaitForInstanceCompletionAsync(id);
        return id;
    }

    /// <summary>The end of an instance can be read a moment before its host has told of it.</summary>
    private static async Task<Activity> EndedAsync(SpanRecorder spans, string name) =>
        (await Eventually.Becomes(() => spans.Ended.Where(span => span.OperationName == name).ToList(), ended => ended.Count > 0)).Single();

    private static void Tasks(DurableTaskRegistry tasks) => tasks
        .AddOrchestratorFunc("Outer", async context =>
        {
            await context.CallActivityAsync<int>("Double", 4);
            try
            {
                await context.CallSubOrchestratorAsync("Inner");
            }
            catch (TaskFailedException)
            {
                // as told
            }

            return 0;
        })
        .AddOrchestratorFunc("Inner", async context =>
        {
            await context.CallActivityAsync("Fail");
            return 0;
        })
        .AddOrchestratorFunc("Waits", async context =>
        {
            await context.CallActivityAsync<int>("Double", 4);
            await context.WaitForExternalEvent<object?>("Go");
            return await context.CallActivityAsync<int>("Triple", 4);
        })
        .AddOrchestratorFunc<int, int>("Again", (context, left) =>
        {
            if (left > 0)
                context.ContinueAsNew(left - 1);
            return Task.FromResult(left);
        })
        .AddActivityFunc<int, int>("Double", (_, number) => 2 * number)
        .AddActivityFunc<int, int>("Triple", (_, number) => 3 * number)
        .AddActivityFunc("Fail", _ => throw new InvalidOperationException("broken"));
}
