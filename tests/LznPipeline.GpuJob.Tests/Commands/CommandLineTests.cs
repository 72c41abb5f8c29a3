using System.Text.Json;
using LznPipeline.GpuJob.Commands;
using LznPipeline.GpuJob.Tests.Support;
using LznPipeline.Shared;
using LznPipeline.Shared.Jobs;
using LznPipeline.Shared.Storage;

namespace LznPipeline.GpuJob.Tests.Commands;

public sealed class CommandLineTests : IDisposable
{
    private readonly Workplace _place = new();

    public void Dispose() => _place.Dispose();

    [Fact]
    public async Task Invoke_JobFileInAStoresFolders_RunsWithoutAnyService()
    {
        var job = Workplace.Prepare(Workplace.Request(_place.Source()));

        Assert.Equal(
            ExitCode.Done, await InvokeAsync("prepare", "--job", await WriteAsync(job)));

        Assert.Equal(JobState.Done, (await _place.StatusAsync(job)).State);
    }

    [Fact]
    public async Task Invoke_BlobName_TakesTheStoreOfTheOption()
    {
        var job = Workplace.Prepare(Workplace.Request(_place.Source()));
        await WriteAsync(job);

        Assert.Equal(
            ExitCode.Done,
            await InvokeAsync("prepare", "--job", BlobLayout.Job(job.RunId, job.Step), "--store", _place.StoreAddress, "--attempt", "1"));

        Assert.Equal(JobState.Done, (await _place.StatusAsync(job)).State);
    }

    [Theory]
    [InlineData("""{"kind":"prepare"}""")]
    [InlineData("""{"kind":"paint","runId":"run","step":"prepare"}""")]
    [InlineData("not json")]
    public async Task Invoke_WrongJob_IsRefused(string json)
    {
        var file = FileOf("prepare");
        await File.WriteAllTextAsync(file, json);

        Assert.Equal(ExitCode.JobIsWrong, await InvokeAsync("prepare", "--job", file));
    }

    [Fact]
    public async Task Invoke_JobOfAnotherVerb_IsRefused() =>
        Assert.Equal(ExitCode.JobIsWrong, await InvokeAsync("train", "--job", await WriteAsync(Workplace.Prepare(Workplace.Request(_place.Source())))));

    [Fact]
    public async Task Invoke_MissingJob_IsRefused() =>
        Assert.Equal(ExitCode.JobIsWrong, await InvokeAsync("train", "--job", "runs/run/train/job.json", "--store", _place.StoreAddress));

    [Fact]
    public async Task Invoke_DryRun_SaysWhatTrainingNeedsAndWritesNothing()
    {
        await _place.PublishDatasetAsync();
        var start = await _place.ProgramAsync(
            Workplace.Train(Workplace.TinyRecipe()), "--dry-run", "--set", "training.batchSize=12", "--set", "training.precision=bfloat16");
        var before = Files();
        using var program = RunningProgram.Start(start);        // a console of its own

        await program.SucceedsAsync();

        Assert.Matches("Model +encoder of [0-9,]+ parameters, decoder of ", program.Output);
        Assert.Matches("Step +[0-9.]+ ms for 12 images", program.Output);
        Assert.Contains("7 iterations in about", program.Output, StringComparison.Ordinal);
        Assert.Equal(before, Files());
    }

    [Fact]
    public async Task Invoke_DryRunOfAFieldThatIsNone_IsRefused()
    {
        var file = await WriteAsync(Workplace.Train(Workplace.TinyRecipe()));

        Assert.Equal(ExitCode.JobIsWrong, await InvokeAsync("train", "--job", file, "--dry-run", "--set", "training.batchsize=12"));
    }

    [Fact]
    public async Task Invoke_SetWithoutDryRun_IsRefusedBeforeAnythingIsClaimed()
    {
        var job = Workplace.Train(Workplace.TinyRecipe());
        var file = await WriteAsync(job);

        Assert.Equal(ExitCode.JobIsWrong, await InvokeAsync("train", "--job", file, "--set", "training.batchSize=12"));

        Assert.Null(await _place.Store.LengthAsync(BlobLayout.JobStatus(job.RunId, job.Step), default));
    }

    private Dictionary<string, DateTime> Files() =>
        Directory.EnumerateFiles(_place.Root, "*", SearchOption.AllDirectories).ToDictionary(file => file, File.GetLastWriteTimeUtc);

    private static Task<int> InvokeAsync(params string[] args) => CommandLine.InvokeAsync(CommandLine.Parse(args));

    private async Task<string> WriteAsync(JobSpec job)
    {
        await File.WriteAllTextAsync(FileOf(job.Step), JsonSerializer.Serialize(job, LznJson.Options));
        return FileOf(job.Step);
    }

    private string FileOf(string step)
    {
        var file = Path.Combine(_place.Root, "store", BlobLayout.Job(Workplace.RunId, step));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        return file;
    }
}
