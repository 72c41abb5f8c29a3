using System.Text.Json;
using LznPipeline.Activities.Jobs;
using LznPipeline.Activities.Planning;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Options;
using LznPipeline.Shared.Requests;
using LznPipeline.Shared.Storage;

namespace LznPipeline.Activities.Tests.Planning;

public sealed class PlanTrainingTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("lzn-plan-");
    private readonly Pipeline _pipeline;
    private readonly string _checkpoint;

    public PlanTrainingTests()
    {
        _pipeline = new Pipeline(new FolderArtifactStore(Path.Combine(_folder.FullName, "store")), "shapes");
        _checkpoint = Path.Combine(_folder.FullName, "state.safetensors");
        File.WriteAllText(_checkpoint, "weights");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Plan_StartingFromACheckpoint_TellsTheJobAndMakesAnotherModel()
    {
        var plain = await PlanAsync(startFrom: null);
        var started = await PlanAsync(_checkpoint);

        var job = await _pipeline.Activity<JobBook>().ReadAsync<TrainJob>(started.Job!, default);
        Assert.Equal(_checkpoint, job.Start?.Source);
        Assert.NotEqual(plain.Model.Version, started.Model.Version);
    }

    [Fact]
    public async Task Plan_CheckpointOfOtherContent_MakesAnotherModel()
    {
        var first = await PlanAsync(_checkpoint);
        var same = await PlanAsync(_checkpoint);
        await File.WriteAllTextAsync(_checkpoint, "other weights");
        var second = await PlanAsync(_checkpoint);

        Assert.Equal(first.Model, same.Model);
        Assert.NotEqual(first.Model, second.Model);
        Assert.NotEqual(first.Job, second.Job);
    }

    [Fact]
    public async Task Plan_TrainingThatIsOnlyWatchedOtherwise_IsTheSameModel()
    {
        var plain = await PlanAsync(startFrom: null);
        var watched = await PlanAsync(_pipeline.Request with { Set = new(_pipeline.Request.Set) { ["training.samplesEvery"] = JsonElement.Parse("7") } });
        var other = await PlanAsync(_pipeline.Request with { Set = new(_pipeline.Request.Set) { ["training.emaDecay"] = JsonElement.Parse("0.5") } });

        Assert.Equal(plain.Model, watched.Model);
        Assert.NotEqual(plain.Model, other.Model);
    }

    [Fact]
    public async Task Plan_MissingCheckpoint_NamesTheField()
    {
        var missing = await Assert.ThrowsAsync<OptionsException>(() => PlanAsync("/no/such/file"));

        Assert.Equal("startFrom", Assert.Single(missing.Problems).Field);
    }

    private Task<TrainingPlan> PlanAsync(string? startFrom) => PlanAsync(_pipeline.Request with { StartFrom = startFrom });

    private Task<TrainingPlan> PlanAsync(TrainRequest request) =>
        _pipeline.Activity<PlanTraining>().RunAsync(new TrainingInput("run", request, _pipeline.Dataset), default);
}
