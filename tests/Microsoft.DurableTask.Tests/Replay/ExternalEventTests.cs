using Lzn.Durable.History;
using Microsoft.DurableTask.Client;
using static Microsoft.DurableTask.Tests.Replay.Executions;

namespace Microsoft.DurableTask.Tests.Replay;

/// <summary>When events reach those who wait for them.</summary>
public sealed class ExternalEventTests
{
    [Fact]
    public void WaitForExternalEvent_TimedOut_DoesNotTakeTheNextEvent()
    {
        var execution = Execution(async context =>
        {
            try
            {
                await context.WaitForExternalEvent<string>("Go", TimeSpan.FromMinutes(1));
            }
            catch (TaskCanceledException)
            {
                return await context.WaitForExternalEvent<string>("Go");
            }

            return "in time";
        });
        execution.Run(Noon, [Start]);

        execution.Run(Noon.AddMinutes(1), [new TimerFired(0)]);
        var end = execution.Run(Noon.AddMinutes(2), [new EventRaised("m", "go", Payload.Of("\"late\""))]);

        Assert.Equal("\"late\"", Output(end));
    }

    [Fact]
    public void WaitForExternalEvent_InTime_LeavesNoTimerThatHoldsTheInstance()
    {
        var execution = Execution(context => context.WaitForExternalEvent<string>("Go", TimeSpan.FromDays(30)));
        execution.Run(Noon, [Start]);

        var end = execution.Run(Noon, [new EventRaised("m", "GO", Payload.Of("\"yes\""))]);

        Assert.Equal("\"yes\"", Output(end));
    }

    [Fact]
    public void ExternalEvents_BeforeTheWait_AreKeptInOrder()
    {
        var execution = Execution(async context =>
            await context.CallActivityAsync<string>("A") + await context.WaitForExternalEvent<string>("E") + await context.WaitForExternalEvent<string>("e"));
        execution.Run(Noon, [Start]);
        execution.Run(Noon, [new EventRaised("1", "E", Payload.Of("\"x\"")), new EventRaised("2", "E", Payload.Of("\"y\""))]);

        Assert.Equal("\"axy\"", Output(execution.Run(Noon, [new TaskCompleted(0, Payload.Of("\"a\""))])));
    }

    [Fact]
    public void Suspended_EventsWait_AndAreTakenInOrderWhenResumed()
    {
        var execution = Execution(context => context.WaitForExternalEvent<string>("E"));
        execution.Run(Noon, [Start]);

        var held = execution.Run(Noon, [new ExecutionSuspended("1", null), new EventRaised("2", "E", Payload.Of("\"x\""))]);
        var end = execution.Run(Noon, [new ExecutionResumed("3", null)]);

        Assert.Empty(held.Decided);
        Assert.Equal("\"x\"", Output(end));
    }

    [Fact]
    public void WaitForExternalEvent_TimeoutThatEscapes_FailsAsCancelled()
    {
        var execution = Execution(context => context.WaitForExternalEvent<string>("Go", TimeSpan.FromMinutes(1)));
        execution.Run(Noon, [Start]);

        var end = execution.Run(Noon.AddMinutes(1), [new TimerFired(0)]);

        Assert.Equal(typeof(TaskCanceledException).FullName, End(end).Failure?.ErrorType);
    }

    [Fact]
    public void WaitForExternalEvent_CancelledByItsToken_DoesNotTakeTheNextEvent()
    {
        var execution = Execution(async context =>
        {
            using var cancellation = new CancellationTokenSource();
            var first = context.WaitForExternalEvent<string>("Go", cancellation.Token);
            await context.CallActivityAsync("A");
            Cancel(cancellation);
            return $"{first.IsCanceled} {await context.WaitForExternalEvent<string>("Go")}";
        });
        execution.Run(Noon, [Start]);
        execution.Run(Noon, [new TaskCompleted(0, null)]);

        Assert.Equal("\"True later\"", Output(execution.Run(Noon, [Event("m", "Go", "\"later\"")])));
    }

    [Fact]
    public void ExternalEvents_AfterTheWait_GoToTheNewestWaiterFirst()
    {
        var execution = Execution(async context =>
        {
            var (first, second) = (context.WaitForExternalEvent<int>("E"), context.WaitForExternalEvent<int>("e"));
            return new[] { await first, await second };
        });
        execution.Run(Noon, [Start]);

        Assert.Equal("[2,1]", Output(execution.Run(Noon, [Event("1", "E", "1"), Event("2", "E", "2")])));
    }

    [Fact]
    public void ExternalEvents_OfOtherNames_WaitForTheirOwn()
    {
        var execution = Execution(async context => await context.WaitForExternalEvent<int>("B") - await context.WaitForExternalEvent<int>("A"));
        execution.Run(Noon, [Start]);

        Assert.Equal("2", Output(execution.Run(Noon, [Event("1", "A", "1"), Event("2", "B", "3")])));
    }

    [Fact]
    public void WaitForExternalEvent_PayloadOfAnotherType_FailsTheWaiter()
    {
        var execution = Execution(context => context.WaitForExternalEvent<int>("E"));
        execution.Run(Noon, [Start]);

        Assert.Equal(typeof(System.Text.Json.JsonException).FullName, End(execution.Run(Noon, [Event("1", "E", "\"text\"")])).Failure?.ErrorType);
    }

    [Fact]
    public void WaitForExternalEvent_OfTwoTypesAtOnce_IsRefused()
    {
        var execution = Execution(async context =>
        {
            var first = context.WaitForExternalEvent<int>("E");
            await context.WaitForExternalEvent<string>("E");
            return await first;
        });

        Assert.Contains("must ask for the same type", End(execution.Run(Noon, [Start])).Failure?.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Terminated_WhileSuspended_EndsAtOnce()
    {
        var execution = Execution(context => context.WaitForExternalEvent<string>("E"));
        execution.Run(Noon, [Start, new ExecutionSuspended("1", null)]);

        var end = End(execution.Run(Noon, [new ExecutionTerminated("2", Payload.Of("\"enough\""), Recursive: false)]));

        Assert.Equal((OrchestrationRuntimeStatus.Terminated, "\"enough\""), (end.Status, end.Result?.Text));
    }
}
