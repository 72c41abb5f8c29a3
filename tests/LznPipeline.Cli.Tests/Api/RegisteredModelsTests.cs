using LznPipeline.Cli.Api;
using LznPipeline.Shared;
using LznPipeline.Shared.Manifests;
using LznPipeline.Shared.Requests;
using LznPipeline.Shared.Storage;

namespace LznPipeline.Cli.Tests.Api;

public sealed class RegisteredModelsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("lzn-models-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task DescribeAsync_SeveralModels_NamesReportFigureAndChampionOfEach()
    {
        var store = new FolderArtifactStore(_folder);
        await RegisterAsync(store, "v1", 0.25);
        await RegisterAsync(store, "v2", 0.5);
        await store.CreateJsonAsync(BlobLayout.ModelChampion("cats"), new VersionPointer("v2", BlobLayout.ModelFolder("cats", "v2")), default);
        await store.CreateAsync(BlobLayout.ModelManifest("dogs", "v0"), new MemoryStream("""{"recipe":"of another time"}"""u8.ToArray()), default);

        var lines = new List<string>();
        await foreach (var line in RegisteredModels.DescribeAsync(store, default))
            lines.Add(line);

        Assert.Equal(
            [
                "models/cats/v1/report.html  accuracy 0.25",
                "models/cats/v2/report.html  accuracy 0.5, champion",
                "models/dogs/v0/model.json  of an older format"
            ],
            lines);
    }

    private static async Task RegisterAsync(FolderArtifactStore store, string version, double accuracy)
    {
        var request = new TrainRequest { Name = "cats", Dataset = new DatasetRequest { Name = "cats", Source = "/data/cats" } };
        var file = new StoredFile("report.html", 1, new string('0', 64));
        await store.CreateJsonAsync(BlobLayout.ModelManifest("cats", version), new ModelManifest
        {
            Name = "cats", Version = version, Dataset = new DatasetRef("cats", "d1"), Recipe = request.Validate(), Seed = 0,
            Weights = file, RunId = "run", Report = file, Samples = [],
            Metrics = new SortedDictionary<string, double> { [MetricNames.Accuracy] = accuracy },
            Primary = new PrimaryMetric(MetricNames.Accuracy, LowerIsBetter: false, MeasuredWith: null),
        }, default);
    }
}
