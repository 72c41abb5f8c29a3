using System.Text.Json;
using LznPipeline.Activities.Edge;
using LznPipeline.Activities.Jobs;
using LznPipeline.Activities.Planning;
using LznPipeline.Orchestrations.Hosting;
using LznPipeline.Orchestrations.Tests.Hosting;
using LznPipeline.Orchestrations.Tests.Json;
using LznPipeline.Orchestrations.Tests.Replay;
using LznPipeline.Orchestrations.Workflows;
using LznPipeline.Shared.Jobs;
using Microsoft.DurableTask.Converters;
using Microsoft.DurableTask.Protobuf;
using Microsoft.Extensions.Hosting;

namespace LznPipeline.Orchestrations.Tests.Workflows;

/// <summary>What workflows do over time: pauses, retries and new histories, without a clock.</summary>
public sealed class WorkflowTurnsTests : IDisposable
{
    private readonly IHost _app = TestApp.Build();

    [Fact]
    public void RunGpuJob_NewJob_SubmitsItOnceAndLooksUntilItIsDone()
    {
        var answers = new FakeAnswers().Seeing(null, JobState.Pending, JobState.Running, JobState.Done);

        var (ended, pauses) = Run(answers, nameof(RunGpuJob), new GpuJobWatch(Messages.Job));

        Assert.Equal([nameof(PollGpuJob), nameof(SubmitGpuJob), nameof(PollGpuJob), nameof(PollGpuJob), nameof(PollGpuJob)], answers.Calls);
        Assert.Equal([0.25, 0.375], pauses);
        Assert.Equal(new FinishedJob(Messages.Job, 1), Output<FinishedJob>(ended));
    }

    [Fact]
    public void RunGpuJob_LostAgainAndAgain_BacksOffAndGivesUpAtTheFifth()
    {
        var answers = new FakeAnswers().Seeing(null, JobState.Lost);

        var (ended, pauses) = Run(answers, nameof(RunGpuJob), new GpuJobWatch(Messages.Job));

        Assert.Equal([2, 4, 8, 16], pauses);
        Assert.Equal(5, answers.Calls.Count(name => name is nameof(SubmitGpuJob)));
        Assert.Equal("Attempt 1 ended as Lost, 5 failures in a row without progress. The last: gone", ended.FailureDetails.ErrorMessage);
        Assert.Equal(typeof(GpuJobFailedException).FullName, ended.FailureDetails.ErrorType);
    }

    [Fact]
    public void RunGpuJob_AfterTwentyLooks_BeginsANewHistoryThatKnowsWhatTheLastOneKnew()
    {
        var answers = new FakeAnswers().Seeing(JobState.Running);

        var (ended, pauses) = Run(answers, nameof(RunGpuJob), new GpuJobWatch(Messages.Job));

        Assert.Equal(OrchestrationStatus.ContinuedAsNew, ended.OrchestrationStatus);
        Assert.Equal(20, pauses.Length);
        Assert.Equal(new GpuJobWatch(Messages.Job) { Submitted = true, PauseSeconds = 2 }, Output<GpuJobWatch>(ended));
    }

    [Fact]
    public void CancelWorkflow_AnyRun_SweepsTwiceTenSecondsApart()
    {
        var answers = new FakeAnswers();

        var (ended, pauses) = Run(answers, nameof(CancelWorkflow), "lzn-1");

        Assert.Equal([nameof(CancelRun), nameof(CancelRun)], answers.Calls);
        Assert.Equal([10], pauses);
        Assert.Equal(4, Output<int>(ended));
    }

    /// <summary>On a busy host a cancellation may begin only after its run was started anew, which it must then leave alone.</summary>
    [Fact]
    public void CancelWorkflow_BeginsLate_CancelsWhatWasThereWhenItWasAskedFor()
    {
        var asked = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var seen = new List<RunToCancel>();

        _ = Engine(new FakeAnswers().Noting(nameof(CancelRun), seen))
            .Run(nameof(CancelWorkflow), WorkerTurns.Workflows[nameof(CancelWorkflow)], CancelWorkflow.IdOf("lzn-1", asked), "lzn-1").ToList();

        Assert.Equal([new RunToCancel("lzn-1", "lzn-1.", asked), new RunToCancel("lzn-1", "lzn-1.", asked)], seen);
    }

    [Fact]
    public void Activity_StorageStaysAway_IsTriedEightTimesWithLongerPausesThenFailsItsStep()
    {
        var answers = new FakeAnswers().Failing(nameof(PlanDataset), new TransientFailureException("IOException: storage is away"));

        var (ended, pauses) = Run(answers, nameof(TrainWorkflow), Messages.Bare);

        Assert.Equal([1, 2, 4, 8, 16, 32, 60], pauses.Where(pause => pause > 0));       // the package sets a timer of no length after the last try
        Assert.Equal(8, answers.Calls.Count(name => name is nameof(PlanDataset)));
        Assert.Equal("Step prepare failed: IOException: storage is away", ended.FailureDetails.ErrorMessage);
    }

    [Fact]
    public void Activity_FailedForGood_IsNotTriedAgain()
    {
        var answers = new FakeAnswers().Failing(nameof(PlanDataset), new PermanentFailureException("no such folder"));

        var (ended, pauses) = Run(answers, nameof(TrainWorkflow), Messages.Bare);

        Assert.Empty(pauses);
        Assert.Equal("Step prepare failed: no such folder", ended.FailureDetails.ErrorMessage);
    }

    [Fact]
    public void Train_ItsJobs_AreChildrenOfTheRunWithIdsOfTheirOwn()
    {
        var turns = Engine(new FakeAnswers()).Run(nameof(TrainWorkflow), WorkerTurns.Workflows[nameof(TrainWorkflow)], "lzn-1", Messages.Bare);

        var children = turns.SelectMany(turn => turn.Response.Actions).Select(action => action.CreateSubOrchestration?.InstanceId).OfType<string>().ToArray();

        Assert.Equal(
            ["lzn-1.prepare-00000000.", "lzn-1.train-5f0c91d2.", "lzn-1.evaluate-00000000.", "lzn-1.embed-00000-11111111.", "lzn-1.embed-00001-22222222."],
            children.Select(id => id[..(id.LastIndexOf('.') + 1)]));
        Assert.Equal(children.Length, children.Distinct().Count());
    }

    public void Dispose() => _app.Dispose();

    private (CompleteOrchestrationAction Ended, double[] Pauses) Run(FakeAnswers answers, string workflow, object input)
    {
        var engine = Engine(answers);
        var last = engine.Run(workflow, WorkerTurns.Workflows[workflow], "lzn-1", input).Last();
        var ended = Assert.Single(last.Response.Actions.Select(action => action.CompleteOrchestration).OfType<CompleteOrchestrationAction>());
        return (ended, [.. engine.Pauses.Select(pause => pause.TotalSeconds)]);
    }

    private Engine Engine(FakeAnswers answers) => new(new WorkerTurns(_app.Services), answers.For, new JsonDataConverter(HistoryJson.Options));

    private static T Output<T>(CompleteOrchestrationAction ended) => JsonSerializer.Deserialize<T>(ended.Result, HistoryJson.Options)!;
}
