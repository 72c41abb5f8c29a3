using LznPipeline.Orchestrations.Tests.Hosting;
using Microsoft.DurableTask.Protobuf;
using Microsoft.Extensions.Hosting;

namespace LznPipeline.Orchestrations.Tests.Replay;

/// <summary>Recorded histories, each cut where a run can be killed, go on under today's code as they did when they were recorded.</summary>
public sealed class ReplayTests : IDisposable
{
    private const string Changed = "changed";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Histories");

    private readonly IHost _app = TestApp.Build();

    public static TheoryData<string> Recorded => [.. Files().Where(file => !file.StartsWith(Changed, StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Recorded))]
    public void Replay_RecordedHistory_DecidesAsItDidThen(string file)
    {
        var then = HistoryFile.Read(Path.Combine(Folder, file));

        var now = Replay(then);

        Assert.Equal(then.Response.Actions, now.Actions);
        Assert.Equal(then.Response.CustomStatus, now.CustomStatus);
    }

    [Fact]
    public void Replay_HistoryOfAnotherOrder_IsRefusedAsNonDeterministic()
    {
        var other = HistoryFile.Read(Path.Combine(Folder, Files().Last(file => file.StartsWith(Changed, StringComparison.Ordinal))));

        var completed = Assert.Single(Replay(other).Actions.Select(action => action.CompleteOrchestration).OfType<CompleteOrchestrationAction>());

        Assert.Equal(OrchestrationStatus.Failed, completed.OrchestrationStatus);
        Assert.Contains("NonDeterministic", completed.FailureDetails.ErrorType, StringComparison.Ordinal);
    }

    [Fact]
    public void Recorded_EveryWorkflow_IsThere() =>
        Assert.Equal(WorkerTurns.Workflows.Keys.Order(), Files().Select(file => HistoryFile.Read(Path.Combine(Folder, file)).Workflow).Distinct().Order());

    [Fact]
    public void Recorded_EveryStory_IsThereFromItsFirstTurnToItsLast()
    {
        var stories = Files().GroupBy(file => file.Split(Path.DirectorySeparatorChar)[0], StringComparer.Ordinal)
            .Select(story => (Name: story.Key, Turns: story.ToArray())).ToList();

        Assert.Equal(
            ["cancel", Changed, "job", "job-fails", "reembed", "train", "train-fails", "train-reuses", "train-storage-away"],
            stories.Select(story => story.Name).Order(StringComparer.Ordinal));
        Assert.All(stories, story =>
        {
            Assert.Equal(Enumerable.Range(0, story.Turns.Length).Select(turn => $"{turn:D2}"), story.Turns.Select(file => Path.GetFileName(file)[..2]));
            Assert.Contains(HistoryFile.Read(Path.Combine(Folder, story.Turns[^1])).Response.Actions, action => action.CompleteOrchestration is not null);
        });
    }

    public void Dispose() => _app.Dispose();

    private static IEnumerable<string> Files() => Directory.EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Folder, file)).Order(StringComparer.Ordinal);

    private OrchestratorResponse Replay(Turn turn) => new WorkerTurns(_app.Services).Run(turn.Request, WorkerTurns.Workflows[turn.Workflow]);
}
