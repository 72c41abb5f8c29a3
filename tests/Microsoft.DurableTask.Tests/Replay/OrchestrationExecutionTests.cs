using DurableTask.Core.Exceptions;
using Lzn.Durable.History;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Converters;
using static Microsoft.DurableTask.Tests.Replay.Executions;

namespace Microsoft.DurableTask.Tests.Replay;

/// <summary>The replay core alone: events in, decisions out.</summary>
public sealed class OrchestrationExecutionTests
{
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
}
