using DurableTask.Core.Exceptions;
using Lzn.Durable.History;
using Lzn.Durable.Replay;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging.Abstractions;

namespace Microsoft.DurableTask.Tests.Replay;

/// <summary>The replay core alone: events in, decisions out.</summary>
public sealed class OrchestrationExecutionTests
{
    private static readonly DateTimeOffset Noon = new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ExecutionStarted Start = new("Workflow", "", "instance", "execution", Input: null);

    [Fact]
    public void Run_ActivityCall_IsDecidedAndWaitedFor()
    {
        var execution = Execution(context => context.CallActivityAsync<int>("Add", new[] { 1, 2 }));

        var first = execution.Run(Noon, [Start]);
        var second = execution.Run(Noon, [new TaskCompleted(0, Payload.Of("3"))]);

        Assert.Equal(new TaskScheduled(0, "Add", "", Payload.Of("[1,2]")), Assert.Single(first.Decided));
        Assert.Equal(new ExecutionCompleted(OrchestrationRuntimeStatus.Completed, Payload.Of("3"), null), Assert.Single(second.Decided));
    }

    [Fact]
    public void Replay_SameCode_GoesOnWhereTheHistoryEnds()
    {
        Func<TaskOrchestrationContext, Task<int>> code = async context =>
            await context.CallActivityAsync<int>("A") + await context.CallActivityAsync<int>("B");
        var before = Execution(code);
        HistoryBatch[] history = [before.Run(Noon, [Start]), before.Run(Noon, [new TaskCompleted(0, Payload.Of("1"))])];

        var after = Execution(code);
        foreach (var turn in history)
            after.Replay(turn);
        var end = after.Run(Noon, [new TaskCompleted(1, Payload.Of("2"))]);

        Assert.Equal("3", Assert.IsType<ExecutionCompleted>(Assert.Single(end.Decided)).Result?.Text);
    }

    [Fact]
    public void Replay_ChangedCode_NamesExpectedAndActual()
    {
        var turn = Execution(context => context.CallActivityAsync<int>("Old")).Run(Noon, [Start]);

        var error = Assert.Throws<NonDeterministicOrchestrationException>(() => Execution(context => context.CallActivityAsync<int>("New")).Replay(turn));

        Assert.Contains("Expected, from the history: call #0 of activity 'Old'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Actual, from the code: call #0 of activity 'New'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Replay_CallAddedAtTheEnd_IsNotDeterministic()
    {
        var turn = Execution(context => context.CallActivityAsync<int>("A")).Run(Noon, [Start]);

        var error = Assert.Throws<NonDeterministicOrchestrationException>(() => Execution(context => Task.WhenAll(
            context.CallActivityAsync<int>("A"), context.CallActivityAsync<int>("B"))).Replay(turn));

        Assert.Contains("nothing more in this turn", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void IsReplaying_OverHistoryAndBeyond_IsTrueThenFalse()
    {
        var seen = new List<bool>();
        Func<TaskOrchestrationContext, Task<int>> code = async context =>
        {
            seen.Add(context.IsReplaying);
            var result = await context.CallActivityAsync<int>("A");
            seen.Add(context.IsReplaying);
            return result;
        };
        var history = Execution(code).Run(Noon, [Start]);
        seen.Clear();

        var execution = Execution(code);
        execution.Replay(history);
        execution.Run(Noon, [new TaskCompleted(0, Payload.Of("1"))]);

        Assert.Equal([true, false], seen);
    }

    [Fact]
    public void NewGuid_SameInstanceAndTime_IsTheSameVersion5IdEachTime()
    {
        Func<TaskOrchestrationContext, Task<Guid[]>> code = context => Task.FromResult(new[] { context.NewGuid(), context.NewGuid() });

        var one = Output(Execution(code).Run(Noon, [Start]));
        var other = Output(Execution(code).Run(Noon, [Start]));

        Assert.Equal(one, other);
        var ids = JsonDataConverter.Default.Deserialize<Guid[]>(one)!; // an array was returned
        Assert.NotEqual(ids[0], ids[1]);
        Assert.All(ids, id => Assert.Equal(5, id.Version));
    }

    [Fact]
    public void Await_OfAnythingNotDurable_FailsAtOnceAndSaysSo()
    {
        var never = new TaskCompletionSource<int>();

        var end = Assert.IsType<ExecutionCompleted>(Assert.Single(Execution(_ => never.Task).Run(Noon, [Start]).Decided));

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.Status);
        Assert.Contains("awaits only tasks of its TaskOrchestrationContext", end.Failure?.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Await_OfAForeignTaskBesideADurableOne_FailsInTheNextTurn()
    {
        var astray = new TaskCompletionSource();
        var foreign = new TaskCompletionSource();
        var execution = Execution(
            async context =>
            {
                var activity = context.CallActivityAsync<int>("A");
                await foreign.Task;
                return await activity;
            },
            astray.SetResult);
        execution.Run(Noon, [Start]);

        await Task.Run(foreign.SetResult);
        await astray.Task.WaitAsync(TimeSpan.FromSeconds(10));
        var end = execution.Run(Noon, []);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, Assert.IsType<ExecutionCompleted>(Assert.Single(end.Decided)).Status);
    }

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
    public void ContinueAsNew_CarriesTheEventsThatWereNotTaken()
    {
        var execution = Execution(async context =>
        {
            var first = await context.WaitForExternalEvent<int>("E");
            context.ContinueAsNew(first + 1);
            return 0;
        });
        execution.Run(Noon, [Start]);

        var turn = execution.Run(Noon, [new EventRaised("1", "E", Payload.Of("1")), new EventRaised("2", "E", Payload.Of("2"))]);

        var next = Assert.IsType<ContinuedAsNew>(Assert.Single(turn.Decided));
        Assert.Equal("2", next.Input?.Text);
        Assert.Equal("2", Assert.Single(next.Carried).MessageId);
    }

    [Fact]
    public void RetryPolicy_WaitsLongerEachTimeAndThenGivesUp()
    {
        var policy = new RetryPolicy(3, TimeSpan.FromSeconds(1), backoffCoefficient: 4);
        var execution = Execution(context => context.CallActivityAsync<int>("A", options: TaskOptions.FromRetryPolicy(policy)));
        var failure = new TaskFailureDetails("T", "broken", null, null, null);
        execution.Run(Noon, [Start]);

        var first = execution.Run(Noon, [new TaskFailed(0, failure)]);
        execution.Run(Noon.AddSeconds(1), [new TimerFired(1)]);
        var second = execution.Run(Noon.AddSeconds(1), [new TaskFailed(2, failure)]);
        execution.Run(Noon.AddSeconds(5), [new TimerFired(3)]);
        var end = execution.Run(Noon.AddSeconds(5), [new TaskFailed(4, failure)]);

        Assert.Equal(new TimerCreated(1, Noon.UtcDateTime.AddSeconds(1)), Assert.Single(first.Decided));
        Assert.Equal(new TimerCreated(3, Noon.UtcDateTime.AddSeconds(5)), Assert.Single(second.Decided));
        var failed = Assert.IsType<ExecutionCompleted>(Assert.Single(end.Decided));
        Assert.Equal(typeof(TaskFailedException).FullName, failed.Failure?.ErrorType);
        Assert.Equal(failure, failed.Failure?.InnerFailure);
    }

    [Fact]
    public void RetryPolicy_FailureItDoesNotHandle_IsThrownAtOnce()
    {
        var policy = new RetryPolicy(3, TimeSpan.FromSeconds(1)) { HandleFailure = failure => failure.ErrorType != "Hopeless" };
        var execution = Execution(context => context.CallActivityAsync<int>("A", options: TaskOptions.FromRetryPolicy(policy)));
        execution.Run(Noon, [Start]);

        var end = execution.Run(Noon, [new TaskFailed(0, new TaskFailureDetails("Hopeless", "no", null, null, null))]);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, Assert.IsType<ExecutionCompleted>(Assert.Single(end.Decided)).Status);
    }

    [Fact]
    public void RetryHandler_WithoutAWaitOfItsOwn_IsGivenADelay()
    {
        var execution = Execution(context => context.CallActivityAsync<int>("A", options: TaskOptions.FromRetryHandler(retry => retry.LastAttemptNumber < 5)));
        execution.Run(Noon, [Start]);

        var turn = execution.Run(Noon, [new TaskFailed(0, new TaskFailureDetails("T", "broken", null, null, null))]);

        Assert.Equal(new TimerCreated(1, Noon.UtcDateTime.AddSeconds(1)), Assert.Single(turn.Decided));
    }

    private static OrchestrationExecution Execution<T>(Func<TaskOrchestrationContext, Task<T>> code, Action? onForeign = null)
    {
        var orchestrator = FuncTaskOrchestrator.Create<object?, T>((context, _) => code(context));
        return new OrchestrationExecution(new ReplaySettings((_, _) => orchestrator, JsonDataConverter.Default, NullLoggerFactory.Instance), onForeign);
    }

    private static string? Output(HistoryBatch turn)
    {
        var end = Assert.IsType<ExecutionCompleted>(turn.Decided[^1]);
        Assert.Null(end.Failure);
        return end.Result?.Text;
    }
}
