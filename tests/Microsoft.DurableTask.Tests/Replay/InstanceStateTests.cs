using Lzn.Durable.History;
using Microsoft.DurableTask.Client;

namespace Microsoft.DurableTask.Tests.Replay;

public sealed class InstanceStateTests
{
    private static readonly ExecutionStarted Start = new("Workflow", "", "instance", "execution", Input: null, SeenMessages: ["earlier"]);

    [Fact]
    public void TryTake_SameMessageAgain_IsRefused()
    {
        var state = Running();

        Assert.True(state.TryTake(new EventRaised("m", "E", null)));
        Assert.False(state.TryTake(new EventRaised("m", "E", null)));
        Assert.False(state.TryTake(new EventRaised("earlier", "E", null)));
    }

    [Fact]
    public void TryTake_EndOfACall_IsTakenOnce()
    {
        var state = Running(new TaskScheduled(0, "A", "", null));

        Assert.False(state.TryTake(new TaskCompleted(1, null)));
        Assert.True(state.TryTake(new TaskCompleted(0, null)));
        Assert.False(state.TryTake(new TaskFailed(0, new TaskFailureDetails("T", "late", null, null, null))));
    }

    [Fact]
    public void TryTake_SecondStart_IsRefused() => Assert.False(Running().TryTake(Start));

    [Fact]
    public void OpenCalls_AfterSomeEnded_AreThoseWithoutAnEnd()
    {
        var state = Running(new TaskScheduled(0, "A", "", null), new TimerCreated(1, DateTime.UnixEpoch), new TaskScheduled(2, "B", "", null));

        state.TryTake(new TaskCompleted(0, null));
        state.TryTake(new TimerFired(1));

        Assert.Equal(2, Assert.Single(state.OpenCalls).Id);
    }

    [Fact]
    public void UnsentEvents_UpToTheWatermark_AreNotSentAgain()
    {
        var state = Running(new EventSent(0, "other", "E", null), new EventSent(1, "other", "E", null));

        state.Decide(new HistoryBatch(DateTimeOffset.UnixEpoch, [], [], SentUpTo: 1));

        Assert.Equal(1, Assert.Single(state.UnsentEvents).Id);
    }

    [Fact]
    public void Status_OverSuspendResumeAndEnd_FollowsTheHistory()
    {
        var state = Running();
        var seen = new List<OrchestrationRuntimeStatus> { state.Status };

        state.TryTake(new ExecutionSuspended("1", null));
        seen.Add(state.Status);
        state.TryTake(new ExecutionResumed("2", null));
        seen.Add(state.Status);
        state.Decide(new HistoryBatch(DateTimeOffset.UnixEpoch, [], [new ExecutionCompleted(OrchestrationRuntimeStatus.Completed, null, null)]));
        seen.Add(state.Status);

        Assert.Equal([OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Completed], seen);
    }

    private static InstanceState Running(params HistoryEvent[] decided)
    {
        var state = new InstanceState();
        state.Apply(new HistoryBatch(DateTimeOffset.UnixEpoch, [Start], decided));
        return state;
    }
}
