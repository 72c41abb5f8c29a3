using LznPipeline.Activities.Jobs;
using LznPipeline.Orchestrations.Workflows;
using LznPipeline.Shared.Jobs;

namespace LznPipeline.Orchestrations.Tests.Workflows;

public sealed class GpuJobWatchTests
{
    private static readonly GpuJobWatch Fresh = new(new JobRef("run", "train-00000000"));
    private static readonly GpuJobWatch Begun = Fresh with { Submitted = true };

    [Theory]
    [InlineData(null)]
    [InlineData(JobState.Failed)]
    [InlineData(JobState.Cancelled)]
    [InlineData(JobState.Lost)]
    public void Judge_NothingSubmittedYet_TakesThePlaceOfWhatAnEarlierExecutionLeft(JobState? left)
    {
        Assert.Equal(JobMove.Submit, Fresh.Judge(Seen(left, ExitCode.JobIsWrong)).Move);
    }

    [Fact]
    public void Judge_DoneByAnEarlierExecution_IsUsed() => Assert.Equal(JobMove.Finish, Fresh.Judge(Seen(JobState.Done)).Move);

    [Fact]
    public void Judge_WrongJob_GivesUpAtOnceWithItsMessage()
    {
        var seen = Seen(JobState.Failed, ExitCode.JobIsWrong, "image 7 is broken");

        Assert.Equal(JobMove.GiveUp, Begun.Judge(seen).Move);
        Assert.Equal("image 7 is broken", Begun.WhyGivenUp(seen));
    }

    [Fact]
    public void Judge_CancelledUnderWay_GivesUp() => Assert.Equal(JobMove.GiveUp, Begun.Judge(Seen(JobState.Cancelled)).Move);

    [Fact]
    public void Judge_FailuresWithoutProgress_GivesUpAtTheFifthAndPausesLongerEachTime()
    {
        var (watch, moves, pauses) = (Begun, new List<JobMove>(), new List<double>());
        for (var failure = 0; failure < 5; failure++)
        {
            (watch, var move) = watch.Judge(Seen(JobState.Lost, checkpoint: null));
            moves.Add(move);
            pauses.Add(watch.Pause.TotalSeconds);
        }

        Assert.Equal([JobMove.Submit, JobMove.Submit, JobMove.Submit, JobMove.Submit, JobMove.GiveUp], moves);
        Assert.Equal([2, 4, 8, 16, 32], pauses);
    }

    [Fact]
    public void Judge_EachFailureLeavesANewerCheckpoint_NeverGivesUp()
    {
        var watch = Begun;
        for (var failure = 0; failure < 50; failure++)
        {
            (watch, var move) = watch.Judge(Seen(JobState.Failed, ExitCode.Bug, checkpoint: $"{failure}"));
            Assert.Equal(JobMove.Submit, move);
        }
    }

    [Fact]
    public void Judge_InterruptedOftenWithoutProgress_NeverGivesUp()
    {
        var watch = Begun;
        for (var stop = 0; stop < 50; stop++)
        {
            (watch, var move) = watch.Judge(Seen(JobState.Interrupted));
            Assert.Equal(JobMove.Submit, move);
        }
    }

    [Fact]
    public void Judge_LongRunning_LooksQuicklyAtFirstThenAsTheLauncherLikes()
    {
        var (watch, pauses) = (Fresh, new List<double>());
        for (var look = 0; look < 20; look++)
        {
            (watch, var move) = watch.Judge(Seen(JobState.Running));
            Assert.Equal(JobMove.Wait, move);
            pauses.Add(watch.Pause.TotalSeconds);
        }

        Assert.Equal(0.25, pauses[0]);
        Assert.Equal(15, pauses[^1]);
        Assert.Equal(pauses.Order(), pauses);
    }

    private static JobSighting Seen(JobState? state, int exitCode = ExitCode.TryAgain, string message = "gone", string? checkpoint = null) =>
        new(1, state, "etag", checkpoint, state is JobState.Failed or JobState.Lost ? new JobFailure(exitCode, message) : null, PollSeconds: 15);
}
