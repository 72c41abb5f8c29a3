using Lzn.Durable.History;
using Microsoft.DurableTask.Client;
using static Microsoft.DurableTask.Tests.Replay.Executions;

namespace Microsoft.DurableTask.Tests.Replay;

/// <summary>When a failed call is made again.</summary>
public sealed class RetryTests
{
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

    [Fact]
    public void RetryPolicy_LongestInterval_BoundsTheWait()
    {
        var policy = new RetryPolicy(9, TimeSpan.FromSeconds(10), backoffCoefficient: 100, maxRetryInterval: TimeSpan.FromSeconds(15));
        var execution = Execution(context => context.CallActivityAsync<int>("A", options: TaskOptions.FromRetryPolicy(policy)));
        execution.Run(Noon, [Start]);
        execution.Run(Noon, [new TaskFailed(0, Broken)]);
        execution.Run(Noon, [new TimerFired(1)]);

        Assert.Equal(new TimerCreated(3, Noon.UtcDateTime.AddSeconds(15)), Assert.Single(execution.Run(Noon, [new TaskFailed(2, Broken)]).Decided));
    }

    [Fact]
    public void RetryPolicy_OverItsTimeout_GivesUp()
    {
        var policy = new RetryPolicy(9, TimeSpan.FromSeconds(1), retryTimeout: TimeSpan.FromMinutes(1));
        var execution = Execution(context => context.CallActivityAsync<int>("A", options: TaskOptions.FromRetryPolicy(policy)));
        execution.Run(Noon, [Start]);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, End(execution.Run(Noon.AddMinutes(1), [new TaskFailed(0, Broken)])).Status);
    }

    [Fact]
    public void RetryPolicy_FilterThatThrows_AllowsNoOtherAttempt()
    {
        var policy = new RetryPolicy(3, TimeSpan.FromSeconds(1)) { HandleFailure = _ => throw new InvalidDataException("in the filter") };
        var execution = Execution(context => context.CallActivityAsync<int>("A", options: TaskOptions.FromRetryPolicy(policy)));
        execution.Run(Noon, [Start]);

        Assert.Equal(Broken, End(execution.Run(Noon, [new TaskFailed(0, Broken)])).Failure?.InnerFailure);
    }

    [Fact]
    public void RetryHandler_WithAWaitOfItsOwn_IsGivenNoOther()
    {
        var execution = Execution(context => context.CallActivityAsync<int>("A", options: TaskOptions.FromRetryHandler(async retry =>
        {
            await retry.OrchestrationContext.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
            return true;
        })));
        execution.Run(Noon, [Start]);

        var waits = execution.Run(Noon, [new TaskFailed(0, Broken)]);
        var again = execution.Run(Noon.AddHours(1), [new TimerFired(1)]);

        Assert.Equal(new TimerCreated(1, Noon.UtcDateTime.AddHours(1)), Assert.Single(waits.Decided));
        Assert.IsType<TaskScheduled>(Assert.Single(again.Decided));
    }

    [Fact]
    public void RetryHandler_ThatSaysNo_SeesTheFailureAndEndsTheCall()
    {
        RetryContext? seen = null;
        var execution = Execution(context => context.CallActivityAsync<int>("A", options: TaskOptions.FromRetryHandler(retry =>
        {
            seen = retry;
            return false;
        })));
        execution.Run(Noon, [Start]);

        var end = End(execution.Run(Noon.AddMinutes(3), [new TaskFailed(0, Broken)]));

        Assert.Equal((1, Broken, TimeSpan.FromMinutes(3)), (seen?.LastAttemptNumber, seen?.LastFailure, seen?.TotalRetryTime));
        Assert.Equal(Broken, end.Failure?.InnerFailure);
    }

    [Fact]
    public void Retries_OfASubOrchestration_KeepItsInstanceId()
    {
        var execution = Execution(context => context.CallSubOrchestratorAsync<int>("S", options: TaskOptions.FromRetryPolicy(new RetryPolicy(2, TimeSpan.FromSeconds(1)))));
        var first = Assert.IsType<SubOrchestrationScheduled>(Assert.Single(execution.Run(Noon, [Start]).Decided));
        execution.Run(Noon, [new TaskFailed(0, Broken)]);

        var second = Assert.IsType<SubOrchestrationScheduled>(Assert.Single(execution.Run(Noon.AddSeconds(1), [new TimerFired(1)]).Decided));

        Assert.Equal(first.InstanceId, second.InstanceId);
        Assert.NotEqual(first.ExecutionId, second.ExecutionId);
    }

    [Fact]
    public void Retries_OverAReplay_TakeTheSameWay()
    {
        Func<TaskOrchestrationContext, Task<int>> code = context => context.CallActivityAsync<int>("A", options: TaskOptions.FromRetryHandler(retry => retry.LastAttemptNumber < 3));
        var before = Execution(code);
        HistoryBatch[] history =
        [
            before.Run(Noon, [Start]), before.Run(Noon, [new TaskFailed(0, Broken)]), before.Run(Noon.AddSeconds(1), [new TimerFired(1)]), before.Run(Noon.AddSeconds(1), [new TaskFailed(2, Broken)]),
        ];

        var after = Execution(code);
        foreach (var turn in history)
            after.Replay(turn);

        Assert.Equal("7", Output(after.Run(Noon.AddSeconds(9), [new TimerFired(3), new TaskCompleted(4, Payload.Of("7"))])));
    }
}
