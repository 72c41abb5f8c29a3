using System.CommandLine;
using LznPipeline.Cli.Commands;
using LznPipeline.Shared.Options;

namespace LznPipeline.Cli.Tests.Commands;

public sealed class TrainCommandTests
{
    private const string NobodyThere = "http://127.0.0.1:9";

    [Theory]
    [InlineData(
        """{ "name": "cats", "dataset": { "name": "cats", "source": "/data" }, "preset": "case3-small", "set": { "training.batchSize": 0 } }""",
        "training.batchSize")]
    [InlineData("""{ "name": "Big Cats", "dataset": { "name": "cats", "source": "/data" } }""", "name")]
    [InlineData("""{ "name": "cats", "dataset": { "name": "cats", "source": "/data" }, "epochs": 3 }""", "epochs")]
    public async Task Train_WrongFileWhileNoPipelineRuns_NamesTheField(string request, string field)
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("lzn-").FullName, "request.json");
        await File.WriteAllTextAsync(file, request);

        var wrong = await Assert.ThrowsAsync<OptionsException>(() => RunAsync(file));

        Assert.Contains(field, wrong.Problems.Select(problem => problem.Field));
        Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
    }

    [Fact]
    public async Task Train_WrongOverrideWhileNoPipelineRuns_NamesTheField()
    {
        var wrong = await Assert.ThrowsAsync<OptionsException>(() => RunAsync("--data", "blob:uploads/cats.tar", "--set", "training.batchSize=0"));

        Assert.Contains("training.batchSize", wrong.Problems.Select(problem => problem.Field));
    }

    private static Task<int> RunAsync(params string[] arguments) =>
        new RootCommand { TrainCommand.Create() }.Parse(["train", .. arguments, "--url", NobodyThere])
            .InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
