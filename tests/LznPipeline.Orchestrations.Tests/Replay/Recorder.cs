using LznPipeline.Activities.Edge;
using LznPipeline.Activities.Planning;
using LznPipeline.Orchestrations.Hosting;
using LznPipeline.Orchestrations.Tests.Hosting;
using LznPipeline.Orchestrations.Tests.Json;
using LznPipeline.Orchestrations.Tests.Workflows;
using LznPipeline.Orchestrations.Workflows;
using LznPipeline.Shared.Jobs;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;

namespace LznPipeline.Orchestrations.Tests.Replay;

/// <summary>Records the histories of today's workflows: this program with <c>record FOLDER</c>.</summary>
/// <remarks>
/// From the repository's root:
/// <c>dotnet run -c Release --project tests/LznPipeline.Orchestrations.Tests -- record tests/LznPipeline.Orchestrations.Tests/Histories</c>.
/// What is recorded stays when workflows change: runs that began before an update go on after it. A change that a recorded history does not
/// bear needs a new name of the workflow, or an end to all runs; only then is it right to record anew.
/// </remarks>
internal static class Recorder
{
    internal const string Verb = "record";

    internal static int Record(string folder)
    {
        using var app = TestApp.Build();
        var turns = new WorkerTurns(app.Services);
        foreach (var story in Stories)
        {
            var engine = new Engine(turns, story.Answers, new JsonDataConverter(HistoryJson.Options));
            foreach (var (index, turn) in engine.Run(story.Workflow, story.Code, story.Instance, story.Input).Index())
                HistoryFile.Write(Path.Combine(folder, story.Name, $"{index:D2}-{Stage(turn)}.json"), turn);
        }

        return 0;
    }

    private static IEnumerable<Story> Stories =>
    [
        new("train", nameof(TrainWorkflow), "lzn-1", Messages.Bare, new FakeAnswers().For),
        new("train-reuses", nameof(TrainWorkflow), "lzn-1", Messages.Bare, FakeAnswers.Reusing().For),
        new("train-storage-away", nameof(TrainWorkflow), "lzn-1", Messages.Bare, StorageAway().For),
        new("train-fails", nameof(TrainWorkflow), "lzn-1", Messages.Bare, NoSuchFolder().For),
        new("reembed", nameof(ReembedWorkflow), "reembed-1", new ReembedRequest(Messages.Dataset, Messages.Model), new FakeAnswers().For),
        new("job", nameof(RunGpuJob), "lzn-1.train", new GpuJobWatch(Messages.Job), LostOnce().For),
        new("job-fails", nameof(RunGpuJob), "lzn-1.train", new GpuJobWatch(Messages.Job), new FakeAnswers().Seeing(JobState.Cancelled).For),
        new("cancel", nameof(CancelWorkflow), "cancel", "lzn-1", new FakeAnswers().For),
        new("changed", nameof(TrainWorkflow), "lzn-1", Messages.Bare, new FakeAnswers().For) { Code = AnotherOrderAsync },
    ];

    private static FakeAnswers StorageAway() => new FakeAnswers().FailingOnce(nameof(PlanDataset), new TransientFailureException("storage is away"));

    private static FakeAnswers NoSuchFolder() => new FakeAnswers().Failing(nameof(PlanDataset), new PermanentFailureException("no such folder"));

    private static FakeAnswers LostOnce() => new FakeAnswers().Seeing(null, JobState.Pending, JobState.Lost, JobState.Running, JobState.Done);

    /// <summary>A workflow of the same name that does things in another order: today's code must refuse its history.</summary>
    private static async Task<object?> AnotherOrderAsync(TaskOrchestrationContext context)
    {
        var run = new RunRequest(context.InstanceId, Messages.Bare);
        await context.CallActivityAsync<DatasetPlan>(nameof(PlanDataset), run);
        await context.CallActivityAsync(nameof(ValidateRequest), run);
        return null;
    }

    /// <summary>What the turn's news are, for the file's name.</summary>
    private static string Stage(Turn turn) => turn.Request.NewEvents[^1] switch
    {
        { ExecutionStarted: not null } => "begins",
        { TimerFired: not null } => "timer",
        { TaskCompleted: { } task } => $"{NameOf(turn, task.TaskScheduledId)}-done",
        { TaskFailed: { } task } => $"{NameOf(turn, task.TaskScheduledId)}-failed",
        { SubOrchestrationInstanceCompleted: { } child } => $"{NameOf(turn, child.TaskScheduledId)}-done",
        var other => $"{other.EventTypeCase}",
    };

    private static string NameOf(Turn turn, int id)
    {
        var scheduled = turn.Request.PastEvents.Single(happened => happened.EventId == id);
        return scheduled.TaskScheduled?.Name ?? scheduled.SubOrchestrationInstanceCreated.Name;
    }

    private sealed record Story(string Name, string Workflow, string Instance, object Input, Func<string, string?, object?> Answers)
    {
        internal Func<TaskOrchestrationContext, Task<object?>> Code { get; init; } = WorkerTurns.Workflows[Workflow];
    }
}
