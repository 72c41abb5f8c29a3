using Lzn.Durable.History;
using static Microsoft.DurableTask.Tests.Replay.Executions;

namespace Microsoft.DurableTask.Tests.Replay;

/// <summary>Durable timers, and what tasks together make of them.</summary>
public sealed class TimerTests
{
    [Fact]
    public void CreateTimer_Cancelled_ThrowsAndDoesNotHoldTheInstance()
    {
        var execution = Execution(async context =>
        {
            using var cancellation = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromDays(1), cancellation.Token);
            await context.CallActivityAsync("A");
            Cancel(cancellation);
            await Assert.ThrowsAsync<TaskCanceledException>(() => timer);
            return "over";
        });
        execution.Run(Noon, [Start]);

        Assert.Equal("\"over\"", Output(execution.Run(Noon, [new TaskCompleted(1, null)])));
    }

    [Fact]
    public void CreateTimer_CancelledBefore_IsNotEvenCreated()
    {
        var turn = Execution(async context =>
        {
            await Assert.ThrowsAsync<TaskCanceledException>(() => context.CreateTimer(TimeSpan.FromDays(1), new CancellationToken(canceled: true)));
            return 1;
        }).Run(Noon, [Start]);

        Assert.Equal("1", Output(turn));
        Assert.Single(turn.Decided);
    }

    [Fact]
    public void CreateTimer_OfACentury_IsOneTimer()
    {
        var turn = Execution(async context =>
        {
            await context.CreateTimer(TimeSpan.FromDays(36_500), CancellationToken.None);
            return 0;
        }).Run(Noon, [Start]);

        Assert.Equal(new TimerCreated(0, Noon.UtcDateTime.AddDays(36_500)), Assert.Single(turn.Decided));
    }

    [Fact]
    public void WhenAny_OfTimerAndEvent_GoesToTheFirst()
    {
        var execution = Execution(async context =>
        {
            var (timer, signal) = (context.CreateTimer(TimeSpan.FromMinutes(1), CancellationToken.None), context.WaitForExternalEvent<int>("E"));
            return await Task.WhenAny(timer, signal) == timer ? "timer" : "event";
        });
        execution.Run(Noon, [Start]);

        Assert.Equal("\"timer\"", Output(execution.Run(Noon.AddMinutes(1), [new TimerFired(0), Event("1", "E", "1")])));
    }

    [Fact]
    public void WhenAll_SomeFail_WaitsForAllAndThrowsTheFirstInTheOrderOfCalls()
    {
        var execution = Execution(context => Task.WhenAll(context.CallActivityAsync<int>("A"), context.CallActivityAsync<int>("B"), context.CallActivityAsync<int>("C")));
        execution.Run(Noon, [Start]);
        var early = execution.Run(Noon, [new TaskFailed(2, Broken), new TaskFailed(1, Broken)]);

        var end = End(execution.Run(Noon, [new TaskCompleted(0, Payload.Of("1"))]));

        Assert.Empty(early.Decided);
        Assert.Equal("Task 'B' (#1) failed with an unhandled exception: broken", end.Failure?.ErrorMessage);
    }
}
